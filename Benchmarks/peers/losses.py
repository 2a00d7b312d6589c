"""Times the usual PyTorch formulation of a loss head: autograd over the whole B x C matrix of logits.

Reads one JSON object per line from standard input ({"loss", "batch", "classes", "dimension", "k", "repeats"}), runs the case
and answers with one: {"forward_ms", "forward_backward_ms"}, or {"error"}. It keeps the tensors of the last case. The
first line of output describes the peer: {"torch", "threads", "blas"}.
"""
import json
import math
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError as problem:
    print(json.dumps({"error": f"python has no torch: {problem}"}), flush=True)
    sys.exit(0)


def softmax(x, w, b, y, k):
    return F.cross_entropy(F.linear(x, w, b), y)


def cosface(x, w, b, y, k, s=64.0, m=0.35):
    cosine = F.linear(F.normalize(x), F.normalize(w))
    one_hot = torch.zeros_like(cosine).scatter_(1, y.view(-1, 1), 1.0)
    return F.cross_entropy(s * (cosine - m * one_hot), y)


def arcface(x, w, b, y, k, s=64.0, m=0.5):
    cosine = F.linear(F.normalize(x), F.normalize(w)).clamp(-1, 1)
    sine = torch.sqrt((1.0 - cosine * cosine).clamp(min=1e-9))
    phi = cosine * math.cos(m) - sine * math.sin(m)
    phi = torch.where(cosine > math.cos(math.pi - m), phi, cosine - m * math.sin(math.pi - m))
    one_hot = torch.zeros_like(cosine).scatter_(1, y.view(-1, 1), 1.0)
    return F.cross_entropy(s * (one_hot * phi + (1.0 - one_hot) * cosine), y)


def npt(x, w, b, y, k, margin=0.5):
    cosine = F.linear(F.normalize(x), F.normalize(w))
    own = cosine.gather(1, y.view(-1, 1))
    others = cosine.scatter(1, y.view(-1, 1), -math.inf)
    nearest = others.topk(k, dim=1).values
    return 2 * F.relu(nearest - own + margin).sum(1).mean()


LOSSES = {"Softmax": softmax, "CosFace": cosface, "ArcFace": arcface, "Npt": npt}


class Case:
    def __init__(self, key):
        loss, batch, classes, dimension, self.k = key
        torch.manual_seed(1)
        self.loss = LOSSES[loss]
        self.x = torch.randn(batch, dimension, requires_grad=True)
        self.w = torch.randn(classes, dimension).mul_(0.01).requires_grad_()
        self.b = torch.zeros(classes, requires_grad=True)
        self.y = torch.randint(0, classes, (batch,))

    def forward(self):
        return self.loss(self.x, self.w, self.b, self.y, self.k)

    def both(self):
        for leaf in (self.x, self.w, self.b):
            leaf.grad = None
        self.forward().backward()


def milliseconds(run, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) * 1e3 / repeats


def main():
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    key, case = None, None
    for line in sys.stdin:
        try:
            asked = json.loads(line)
            wanted = (asked["loss"], asked["batch"], asked["classes"], asked["dimension"], asked["k"])
            if wanted != key:
                case = None  # freed before the next one is made
                case, key = Case(wanted), wanted
                case.both()
            repeats = asked["repeats"]
            answer = {"forward_ms": milliseconds(case.forward, repeats), "forward_backward_ms": milliseconds(case.both, repeats)}
        except Exception as problem:  # the caller decides how to continue without this case
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
