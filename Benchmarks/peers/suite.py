"""Trains eight small trials in sequence the usual PyTorch way, in one process, and prints how long that took.

suite.py PACK CLASSES IMAGES THREADS: the trials of eight.jsonc beside it, by the recipe of training.py. PACK is a .rec file, for example
that of 324 identities, CLASSES the number of its identities, IMAGES the number of test images embedded after each training (random tensors,
not read from files). The start of the program (importing torch) is not counted; checkpoints, scores and results are not written.
"""
import json
import sys
import time

from training import Recipe

import torch

EPOCHS, BATCH, PIXELS = 4, 32, 56
AUGMENT = {"flip": 0.5, "shift": 2, "scale": 0.05, "aspect": 0.025, "brightness": 0.05, "contrast": 0.1}


def main():
    pack, classes, images, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    start = time.perf_counter()
    for _ in range(2):
        for loss in ["Softmax", "CosFace", "ArcFace", "Npt"]:
            recipe = Recipe({"network": "small", "pixels": PIXELS, "batch": BATCH, "precision": "float32", "channels_last": True,
                             "loss": loss, "k": 6, "classes": classes, "pack": pack, "device": "cpu", "augment": AUGMENT}, threads)
            steps = EPOCHS * len(recipe.loader.dataset) // BATCH
            recipe.whole(steps)
            if images:
                recipe.evaluate(images // BATCH)
    seconds = time.perf_counter() - start
    print(json.dumps({"torch": torch.__version__, "threads": threads, "seconds": round(seconds, 1),
                      "trials_per_hour": round(8 * 3600 / seconds, 1)}))


if __name__ == "__main__":
    main()
