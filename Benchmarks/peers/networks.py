"""The networks of Harness/Networks in PyTorch, layer by layer."""
from torch import nn


class Embedding(nn.Module):
    def __init__(self, channels, pixels, dimension, dropout, bias=True, freeze=True):
        super().__init__()
        self.bn = nn.BatchNorm2d(channels)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(channels * pixels * pixels, dimension, bias=bias)
        self.features = nn.BatchNorm1d(dimension)
        self.features.weight.requires_grad = not freeze

    def forward(self, x):
        return self.features(self.fc(self.dropout(self.bn(x)).flatten(1)))


class PreActivation(nn.Module):
    def __init__(self, channels, wide, stride):
        super().__init__()
        self.residual = nn.Sequential(
            nn.BatchNorm2d(channels), nn.Conv2d(channels, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide), nn.PReLU(wide),
            nn.Conv2d(wide, wide, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(wide))
        self.shortcut = shortcut(channels, wide, stride)

    def forward(self, x):
        return self.residual(x).add_(self.shortcut(x))


class PostActivation(nn.Module):
    def __init__(self, channels, wide, stride):
        super().__init__()
        self.residual = nn.Sequential(
            nn.Conv2d(channels, wide, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(wide), nn.LeakyReLU(0.1, inplace=True),
            nn.Conv2d(wide, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide))
        self.shortcut = shortcut(channels, wide, stride)
        self.last = nn.LeakyReLU(0.1, inplace=True)

    def forward(self, x):
        return self.last(self.residual(x).add_(self.shortcut(x)))


def shortcut(channels, wide, stride):
    if stride == 1 and channels == wide:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(channels, wide, 1, stride=stride, bias=False), nn.BatchNorm2d(wide))


class Bottleneck(nn.Module):
    def __init__(self, channels, wide, expanded, stride):
        super().__init__()
        self.adds = stride == 1 and channels == wide
        self.layers = nn.Sequential(
            *layer(channels, expanded, 1), *layer(expanded, expanded, 3, stride, expanded),
            nn.Conv2d(expanded, wide, 1, bias=False), nn.BatchNorm2d(wide))

    def forward(self, x):
        y = self.layers(x)
        return y.add_(x) if self.adds else y


def layer(channels, wide, kernel, stride=1, groups=1):
    convolution = nn.Conv2d(channels, wide, kernel, stride=stride, padding=kernel // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(wide), nn.PReLU(wide)]


def small(pixels, width=16, dimension=256):
    layers, channels = [nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.LeakyReLU(0.1, inplace=True)], width
    for stage in range(4):
        layers.append(PostActivation(channels, width << stage, 2))
        channels, pixels = width << stage, (pixels + 1) // 2
    return nn.Sequential(*layers, Embedding(channels, pixels, dimension, 0.2, bias=False, freeze=False)), dimension


def iresnet(units):
    def build(pixels, dimension=512):
        layers, channels = [nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.PReLU(64)], 64
        for stage, count in enumerate(units):
            for unit in range(count):
                layers.append(PreActivation(channels, 64 << stage, 2 if unit == 0 else 1))
                channels = 64 << stage
            pixels = (pixels + 1) // 2
        return nn.Sequential(*layers, Embedding(channels, pixels, dimension, 0.0)), dimension
    return build


def mobilefacenet(pixels, dimension=512):
    layers, channels = layer(3, 64, 3, stride=2) + layer(64, 64, 3, groups=64), 64
    for t, c, n, s in [(2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1)]:
        for i in range(n):
            layers.append(Bottleneck(channels, c, channels * t, s if i == 0 else 1))
            channels = c
    whole = [nn.Conv2d(512, 512, (pixels + 15) // 16, groups=512, bias=False), nn.BatchNorm2d(512), nn.Flatten(1)]
    head = [*layer(channels, 512, 1), *whole, nn.Linear(512, dimension, bias=False), nn.BatchNorm1d(dimension)]
    return nn.Sequential(*layers, *head), dimension


NETWORKS = {
    "small": small, "MobileFaceNet": mobilefacenet, "IResNet-18": iresnet([2, 2, 2, 2]), "IResNet-34": iresnet([3, 4, 6, 3]),
    "IResNet-50": iresnet([3, 4, 14, 3]),
}


# ---- data ----
