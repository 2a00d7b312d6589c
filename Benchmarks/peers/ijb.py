"""Times IJB-C 1:1 in the usual NumPy formulation: a scan of all images per template, pairs in batches, scikit-learn's ROC.

Reads one JSON object per line from standard input and answers each with one: {"ask": "metadata", "root"}, then
{"ask": "pool", "embeddings"} (N1D1F2), then {"ask": "score", "fars"}. An answer has "seconds", the last one also
"tar" (the highest TAR whose FAR is at most each target; null below one impostor pair) and "peak_bytes". On failure it is
{"error"}. The first
line of output is {"numpy"}, its version.
"""
import json
import os
import sys
import time

try:
    import numpy as np
    from sklearn.metrics import roc_curve
except ImportError as problem:
    print(json.dumps({"error": f"python has no numpy or scikit-learn: {problem}"}), flush=True)
    sys.exit(0)

BATCH = 100000  # pairs at once, as in published scripts


def read_metadata(root):
    meta = os.path.join(root, "meta")
    media = np.loadtxt(os.path.join(meta, "ijbc_face_tid_mid.txt"), dtype=str)
    with open(os.path.join(meta, "ijbc_name_5pts_score.txt")) as file:
        records = np.array([line.strip().split(" ") for line in file])
    pairs = np.loadtxt(os.path.join(meta, "ijbc_template_pair_label.txt"), dtype=np.int64)
    return {
        "templates": media[:, 1].astype(np.int64), "medias": media[:, 2].astype(np.int64),
        "landmarks": records[:, 1:-1].astype(np.float32).reshape(-1, 5, 2), "scores": records[:, -1].astype(np.float32),
        "first": pairs[:, 0], "second": pairs[:, 1], "label": pairs[:, 2],
    }


def pool(features, templates, medias):
    unique_templates = np.unique(templates)
    pooled = np.zeros((len(unique_templates), features.shape[1]))
    for row, template in enumerate(unique_templates):
        own = np.where(templates == template)[0]
        own_features, own_medias = features[own], medias[own]
        pooled[row] = sum(own_features[own_medias == media].mean(0) for media in np.unique(own_medias))
    return pooled / np.sqrt((pooled ** 2).sum(-1, keepdims=True)), unique_templates


def verify(pooled, unique_templates, first, second):
    row_of = np.zeros(unique_templates.max() + 1, dtype=np.int64)
    row_of[unique_templates] = np.arange(len(unique_templates))
    scores = np.zeros(len(first))
    for start in range(0, len(first), BATCH):
        batch = slice(start, start + BATCH)
        scores[batch] = (pooled[row_of[first[batch]]] * pooled[row_of[second[batch]]]).sum(-1)
    return scores


def tar_at(scores, label, fars):
    far, tar, _ = roc_curve(label, scores)
    impostors = int((label == 0).sum())
    return [None if wanted < 1 / impostors else float(tar[far <= wanted].max()) for wanted in fars]


def peak_bytes():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except OSError:
        return None


class Steps:
    def metadata(self, asked):
        self.meta = read_metadata(asked["root"])

    def pool(self, asked):
        features = np.load(asked["embeddings"])
        start = time.perf_counter()
        features = features * self.meta["scores"][:, None]
        self.pooled, self.unique = pool(features, self.meta["templates"], self.meta["medias"])
        return {"seconds": time.perf_counter() - start}

    def score(self, asked):
        start = time.perf_counter()
        scores = verify(self.pooled, self.unique, self.meta["first"], self.meta["second"])
        tar = tar_at(scores, self.meta["label"], asked["fars"])
        return {"seconds": time.perf_counter() - start, "tar": tar, "peak_bytes": peak_bytes()}


def main():
    print(json.dumps({"numpy": np.__version__}), flush=True)
    steps = Steps()
    for line in sys.stdin:
        try:
            asked = json.loads(line)
            start = time.perf_counter()
            answer = getattr(steps, asked["ask"])(asked) or {"seconds": time.perf_counter() - start}
        except Exception as problem:  # the caller decides how to continue
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
