"""Figures of a pair test and of an identification on its images, in plain NumPy and SciPy, from embeddings and the protocol's own files.

usage: numpy_verification.py EMBEDDINGS.npy NAMES.txt (lfw PAIRS EXTENSION | cfp ROOT FF|FP | list FILE)

EMBEDDINGS.npy holds one raw embedding a row, NAMES.txt the image of each row. A line of output is: figure, tab, value (a share) or n/a.
Scores are float32, as they are stored; everything else is float64 or whole numbers.
"""
import sys
from pathlib import Path

import numpy as np
from scipy import interpolate, optimize, stats


def lfw(pairs_file, extension):
    lines = Path(pairs_file).read_text().splitlines()
    folds, each = (int(number) for number in lines[0].split())
    image = lambda name, number: f"{name}/{name}_{int(number):04d}{extension}"
    for number, line in enumerate(lines[1:1 + 2 * folds * each]):
        words = line.split()
        same = len(words) == 3
        second = (words[0], words[2]) if same else (words[2], words[3])
        yield image(words[0], words[1]), image(*second), same, number // (2 * each)


def cfp(root, protocol):
    def images(view):
        for line in (Path(root) / "Protocol" / f"Pair_list_{view}.txt").read_text().splitlines():
            yield "/".join(line.split()[1].split("/")[-3:])
    first = list(images("F"))
    second = list(images("P")) if protocol == "FP" else first
    split = Path(root) / "Protocol" / "Split" / protocol
    for fold, folder in enumerate(sorted(split.iterdir())):
        for name, same in (("same.txt", True), ("diff.txt", False)):
            for line in (folder / name).read_text().split():
                a, b = line.split(",")
                yield first[int(a) - 1], second[int(b) - 1], same, fold


def listed(path):
    for line in Path(path).read_text().splitlines():
        first, second, same, fold = line.split("\t")
        yield first, second, same == "1", int(fold)


def show(name, value):
    print(f"{name}\t{'n/a' if value is None else format(float(value), '.17g')}")


def cross_validated(distance_of, same, fold, thresholds_of):
    """Mean accuracy over the folds held out; threshold: the first that is best on the others; "same" is a distance below it."""
    accuracies = []
    for held in range(fold.max() + 1):
        distance, test = distance_of(held), fold == held
        thresholds = thresholds_of(distance)
        genuine, impostor = np.sort(distance[~test & same]), np.sort(distance[~test & ~same])
        right = np.searchsorted(genuine, thresholds, "left") + len(impostor) - np.searchsorted(impostor, thresholds, "left")
        best = thresholds[np.argmax(right)]
        accuracies.append(np.mean((distance[test] < best) == same[test]))
    return np.mean(accuracies), np.std(accuracies)


def curve(distance, same):
    """False and true accepts at each distinct score, from nothing accepted on."""
    values = np.unique(distance)
    true = np.searchsorted(np.sort(distance[same]), values, "right")
    false = np.searchsorted(np.sort(distance[~same]), values, "right")
    return np.r_[0, false], np.r_[0, true], np.r_[-np.inf, values]


def corners(false, true):
    """Without the points inside horizontal and vertical runs."""
    (df, dt) = (np.diff(false), np.diff(true))
    inside = ((df[:-1] == 0) & (df[1:] == 0)) | ((dt[:-1] == 0) & (dt[1:] == 0))
    return np.r_[True, ~inside, True]


def verification(first, second, same, fold, unit):
    distance = np.clip(2 - 2 * np.einsum("ij,ij->i", unit[first], unit[second]), 0, 4).astype(np.float32).astype(np.float64)
    grid = np.arange(0, 4, 0.01)
    for name, thresholds in (("grid", grid), ("exact", np.unique(distance))):
        mean, deviation = cross_validated(lambda held: distance, same, fold, lambda _: thresholds)
        show(f"accuracy 10-fold {name}", mean)
        show(f"deviation 10-fold {name}", deviation)

    false, true, values = curve(distance, same)
    genuine, impostors = int(same.sum()), int((~same).sum())
    scores = np.unique(distance)
    right = [np.sum((distance < threshold) == same) for threshold in scores]
    whole = (distance < scores[np.argmax(right)]) == same
    show("accuracy whole-set", np.mean(whole))
    show("deviation whole-set", np.std([np.mean(whole[fold == one]) for one in range(fold.max() + 1)]))
    youden = (distance <= values[np.argmax(true.astype(object) * impostors - false.astype(object) * genuine)]) == same
    show("accuracy argmax-youden", np.mean(youden))

    def centred(held):
        train = fold != held
        mean = np.mean(np.concatenate([unit[first[train]], unit[second[train]]]), axis=0)
        a, b = unit[first] - mean, unit[second] - mean
        cosine = np.sum(a * b, axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
        return (np.arccos(np.clip(cosine, -1, 1)) / np.pi).astype(np.float32).astype(np.float64)
    mean, deviation = cross_validated(centred, same, fold, lambda _: grid)
    show("accuracy mean-centred arccos", mean)
    show("deviation mean-centred arccos", deviation)

    kept = corners(false, true)
    far, tar = false / impostors, true / genuine
    far_corners, tar_corners = far[kept][::-1], tar[kept][::-1]
    for power in range(1, 7):
        target = float(f"1e-{power}")
        supported = target >= 1 / impostors
        show(f"TAR 1e-{power} conservative", tar[far <= target].max() if supported else None)
        show(f"TAR 1e-{power} nearest", tar_corners[np.argmin(np.abs(far_corners - target))] if supported else None)
        show(f"TAR 1e-{power} interpolated", np.interp(target, far, tar) if supported else None)

    line = interpolate.interp1d(np.arange(len(far)), far + tar - 1)
    crossing = optimize.brentq(line, 0, len(far) - 1)
    show("EER", interpolate.interp1d(np.arange(len(far)), far)(crossing))
    ranks = stats.rankdata(distance)
    show("AUC", 1 - (ranks[same].sum() - genuine * (genuine + 1) / 2) / genuine / impostors)


def identification(names, unit, person_of):
    """The first image of each person is the gallery, all others are probes; of equal scores the earlier gallery image comes first."""
    persons = [person_of(name) for name in names]
    first_of = {}
    for row, person in enumerate(persons):
        first_of.setdefault(person, row)
    gallery = np.array(sorted(first_of.values()))
    place = {persons[row]: column for column, row in enumerate(gallery)}
    probes = [row for row in range(len(names)) if first_of[persons[row]] != row]
    if not probes:
        for k in (1, 5, 10):
            show(f"rank-{k}", None)
        return
    short = unit.astype(np.float32).astype(np.float64)
    found = []
    for start in range(0, len(probes), 500):
        part = probes[start:start + 500]
        # of float32 rows of length 1; twelve digits, since a product may be summed in any order and copies must tie
        score = np.round(short[part] @ short[gallery].T, 12)
        mate = np.array([place[persons[row]] for row in part])
        own = score[np.arange(len(part)), mate][:, None]
        ahead = (score > own) | ((score == own) & (np.arange(len(gallery)) < mate[:, None]))
        found.append(ahead.sum(axis=1))
    ahead = np.concatenate(found)
    for k in (1, 5, 10):
        show(f"rank-{k}", np.mean(ahead < k))


def main(embeddings, names, kind, *protocol):
    raw = np.load(embeddings).astype(np.float64)
    names = Path(names).read_text(encoding="utf-8").splitlines()
    row = {name: number for number, name in enumerate(names)}
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    pairs = list({"lfw": lfw, "cfp": cfp, "list": listed}[kind](*protocol))
    first, second = (np.array([row[pair[side]] for pair in pairs]) for side in (0, 1))
    same, fold = np.array([pair[2] for pair in pairs]), np.array([pair[3] for pair in pairs])
    show("pairs", len(pairs))
    verification(first, second, same, fold, unit)
    identification(names, unit, lambda name: name.split("/")[0])


main(*sys.argv[1:])
