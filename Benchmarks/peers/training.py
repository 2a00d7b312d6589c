"""Trains the networks of this project the usual PyTorch way: autograd, a DataLoader with processes, PIL, SGD.

Reads one JSON object per line from standard input and answers each with one, or with {"error"}. The first line of output
describes the peer: {"torch", "threads"}. Requests, in this order:
  {"ask": "build", "network", "pixels", "batch", "precision", "channels_last", "loss", "k", "classes", "pack", "device", "augment"}
      -> {"parameters"}, their number in the network;
  {"ask": "whole", "steps"}    -> {"images_per_second", "peak_bytes", "worker_bytes"}: reading, decoding, augmenting, training;
  {"ask": "bare", "steps"}     -> {"images_per_second"}: the same step on one random batch;
  {"ask": "evaluate", "steps"} -> {"images_per_second"}: an image and its mirror image embedded, on random tensors.
"""
import contextlib
import io
import json
import math
import multiprocessing
import os
import random
import struct
import sys
import time

from losses import LOSSES  # ends the process with a message where Python has no torch

import torch
from torch import nn
import torch.nn.functional as F

from networks import NETWORKS

try:
    import numpy
    from PIL import Image
except ImportError as problem:
    print(json.dumps({"error": f"python has no numpy or PIL: {problem}"}), flush=True)
    sys.exit(0)


class Pack(torch.utils.data.Dataset):
    """A RecordIO pack through its index, image by image, decoded and augmented."""
    MAGIC = struct.pack("<I", 0xced7230a)

    def __init__(self, path, pixels, augment):
        self.path, self.pixels, self.augment, self.file, self.owner = path, pixels, augment, None, None
        with open(os.path.splitext(path)[0] + ".idx") as lines:
            self.records = [int(line.split("\t")[1]) for line in sorted(lines, key=lambda line: int(line.split("\t")[0]))]
        count, label, image = self.record(0)
        if count > 0 and not image:  # a header: its label is the first key after the images
            self.records = self.records[1:int(label)]
        self.close()

    def __len__(self):
        return len(self.records)

    def __getitem__(self, index):
        _, label, image = self.record(index)
        return self.change(Image.open(io.BytesIO(image)).convert("RGB")), int(label)

    def record(self, index):
        if self.owner != os.getpid():  # each process has its own position in the file
            self.file, self.owner = open(self.path, "rb", buffering=16384), os.getpid()
        self.file.seek(self.records[index])
        payload, flag = b"", None
        while flag is None or flag in (1, 2):
            magic, word = self.file.read(4), struct.unpack("<I", self.file.read(4))[0]
            if magic != self.MAGIC:
                raise ValueError(f"{self.path}@{self.records[index]}: no record starts here")
            payload += self.MAGIC if flag else b""
            flag, length = word >> 29, word & 0x1fffffff
            payload += self.file.read(length)
            self.file.seek(-length % 4, os.SEEK_CUR)
        count, label = struct.unpack("<If", payload[:8])
        return count, struct.unpack("<f", payload[24:28])[0] if count else label, payload[24 + 4 * count:]

    def close(self):
        self.file.close()
        self.file, self.owner = None, None

    def change(self, image):
        """The changes of Harness/Batches/Augment, except that a crop stays inside the picture."""
        a, (w, h), p = self.augment, image.size, self.pixels
        zoom = math.exp(a["scale"] * random.uniform(-1, 1))
        aspect = math.exp(a["aspect"] * random.uniform(-1, 1))
        width, height = min(w, w / (zoom * aspect)), min(h, h / zoom * aspect)
        left = (w - width) / 2 + random.uniform(-1, 1) * a["shift"] * w / 112
        top = (h - height) / 2 + random.uniform(-1, 1) * a["shift"] * h / 112
        left, top = min(max(left, 0), w - width), min(max(top, 0), h - height)
        image = image.resize((p, p), Image.BOX if width >= p else Image.BICUBIC, box=(left, top, left + width, top + height))
        if random.random() < a["flip"]:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        x = numpy.asarray(image, dtype=numpy.float32)
        slope = 1 + a["contrast"] * random.uniform(-1, 1)
        x = x * slope + (x.mean() * (1 - slope) + 255 * a["brightness"] * random.uniform(-1, 1))
        numpy.clip(x, 0, 255, out=x)
        x -= 127.5
        x /= 127.5
        return torch.from_numpy(numpy.ascontiguousarray(x.transpose(2, 0, 1)))


class First(torch.utils.data.Sampler):
    """The first images, shuffled; starts over where there are too few."""

    def __init__(self, there):
        self.there, self.count = there, 0

    def __len__(self):
        return self.count

    def __iter__(self):
        return iter((torch.randperm(self.count) % self.there).tolist())


# ---- training ----

class Recipe:
    def __init__(self, asked, threads):
        torch.manual_seed(1)
        self.batch, self.pixels, self.k, self.device = asked["batch"], asked["pixels"], asked["k"], torch.device(asked["device"])
        self.format = torch.channels_last if asked["channels_last"] else torch.contiguous_format
        self.half = asked["precision"] == "bfloat16"
        network, dimension = NETWORKS[asked["network"]](self.pixels)
        self.parameters = sum(parameter.numel() for parameter in network.parameters())
        self.network = network.to(self.device, memory_format=self.format)
        self.loss, classes = LOSSES[asked["loss"]], asked["classes"]
        self.w = nn.Parameter(torch.randn(classes, dimension, device=self.device).mul_(0.01))
        self.b = nn.Parameter(torch.zeros(classes, device=self.device)) if asked["loss"] == "Softmax" else None
        trained = [one for one in [*network.parameters(), self.w, self.b] if one is not None and one.requires_grad]
        self.optimizer = torch.optim.SGD(
            [{"params": [one for one in trained if one.dim() > 1], "weight_decay": 5e-4},
             {"params": [one for one in trained if one.dim() <= 1], "weight_decay": 0}],
            lr=1e-4, momentum=0.9, nesterov=True)
        data = Pack(asked["pack"], self.pixels, asked["augment"])
        self.order = First(len(data))
        self.loader = torch.utils.data.DataLoader(
            data, self.batch, sampler=self.order, num_workers=threads, prefetch_factor=2, persistent_workers=True, drop_last=True)
        self.images = torch.randn(self.batch, 3, self.pixels, self.pixels).to(self.device, memory_format=self.format)
        self.labels = torch.randint(0, classes, (self.batch,), device=self.device)

    def step(self, images, labels):
        with torch.autocast(self.device.type, torch.bfloat16) if self.half else contextlib.nullcontext():
            embeddings = self.network(images)
        value = self.loss(embeddings.float(), self.w, self.b, labels, self.k)
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        self.optimizer.step()
        return value.detach()

    def whole(self, steps):
        self.network.train()
        self.order.count = steps * self.batch
        start, total = self.now(), 0
        for number, (images, labels) in enumerate(self.loader, 1):
            total += self.step(images.to(self.device, memory_format=self.format), labels.to(self.device))
            if number % 20 == 0 or number == steps:
                mean, total = float(total) / 20, 0
        seconds = self.now() - start
        return {"images_per_second": steps * self.batch / seconds, "peak_bytes": peak(),
                "worker_bytes": sum(map(private, multiprocessing.active_children()))}

    def bare(self, steps):
        self.network.train()
        start = self.now()
        for _ in range(steps):
            self.step(self.images, self.labels)
        return {"images_per_second": steps * self.batch / (self.now() - start)}

    @torch.no_grad()
    def evaluate(self, steps):
        self.network.eval()
        start = self.now()
        for _ in range(steps):
            F.normalize(self.network(self.images) + self.network(self.images.flip(3)))
        return {"images_per_second": steps * self.batch / (self.now() - start)}

    def now(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()


def peak():
    """Peak memory of this process in bytes, without the loader's processes; None on other systems than Linux."""
    try:
        with open("/proc/self/status") as lines:
            return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    except OSError:
        return None


def private(process):
    """Private memory of a process of the loader in bytes."""
    try:
        with open(f"/proc/{process.pid}/smaps_rollup") as lines:
            return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_"))
    except OSError:
        return 0


def main():
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    recipe = None
    for line in sys.stdin:
        try:
            asked = json.loads(line)
            if asked["ask"] == "build":
                recipe = Recipe(asked, threads)
                answer = {"parameters": recipe.parameters}
            else:
                answer = getattr(recipe, asked["ask"])(asked["steps"])
        except Exception as problem:  # the caller decides how to continue without this case
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
