"""Reads an exported .pth as users do, lists its tensors, and runs it in an IResNet-18 written after the structure of arcface_torch.

Usage: iresnet.py FILE.pth [IMAGES.bin BATCH SIDE OUTPUT.bin]; images and output are raw float32 in the order N, C, H, W and N, D.
"""
import hashlib
import sys

import torch
from torch import nn


class Unit(nn.Module):
    def __init__(self, channels, wide, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, wide, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(wide)
        self.prelu = nn.PReLU(wide)
        self.conv2 = nn.Conv2d(wide, wide, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(wide)
        self.downsample = None
        if stride != 1 or channels != wide:
            self.downsample = nn.Sequential(nn.Conv2d(channels, wide, 1, stride, bias=False), nn.BatchNorm2d(wide))

    def forward(self, x):
        y = self.bn3(self.conv2(self.prelu(self.bn2(self.conv1(self.bn1(x))))))
        return y + (x if self.downsample is None else self.downsample(x))


class IResNet18(nn.Module):
    def __init__(self, side, dimension):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.prelu = nn.PReLU(64)
        channels = 64
        for stage, wide in enumerate((64, 128, 256, 512), start=1):
            setattr(self, f"layer{stage}", nn.Sequential(Unit(channels, wide, 2), Unit(wide, wide, 1)))
            channels = wide
            side = (side + 1) // 2
        self.bn2 = nn.BatchNorm2d(512)
        self.fc = nn.Linear(512 * side * side, dimension)
        self.features = nn.BatchNorm1d(dimension)

    def forward(self, x):
        x = self.prelu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.features(self.fc(torch.flatten(self.bn2(x), 1)))


state = torch.load(sys.argv[1], weights_only=True)
for name, values in state.items():
    digest = hashlib.sha256(values.contiguous().numpy().tobytes()).hexdigest()
    print(name, "x".join(str(size) for size in values.shape), str(values.dtype), digest)

if len(sys.argv) > 2:
    batch, side = int(sys.argv[3]), int(sys.argv[4])
    network = IResNet18(side, state["fc.bias"].shape[0])
    network.load_state_dict(state, strict=True)
    network.eval()
    with open(sys.argv[2], "rb") as file:
        images = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(batch, 3, side, side)
    with torch.no_grad(), open(sys.argv[5], "wb") as file:
        file.write(network(images).numpy().tobytes())
