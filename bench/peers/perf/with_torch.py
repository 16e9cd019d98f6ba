"""PyTorch on the processor, or on an NVIDIA GPU. usage: with_torch.py THREADS; ways: fused, foreach, fused cuda"""

import sys

import torch
from torch import nn

from digits import SIZES, Digits
from serve import NotHere, serve

torch.set_num_threads(int(sys.argv[1]))

KINDS = {
    "adamw": lambda p, **way: torch.optim.AdamW(p, lr=1e-3, weight_decay=0.01, **way),
    "sgd": lambda p, **way: torch.optim.SGD(p, lr=1e-3, momentum=0.9, **way),
}
KINDS["clip"] = KINDS["adamw"]


def prepare(work, way, **more):
    kind, device = (way.split() + ["cpu"])[:2]
    if device == "cuda" and not torch.cuda.is_available():
        raise NotHere("no NVIDIA GPU here")
    with torch.device(device):
        made = (mlp if work in ("epoch", "train") else optimizer)(work, {kind: True}, **more)
    return made if device == "cpu" else (*made, torch.cuda.synchronize)


def optimizer(work, way, size, tensors):
    if work not in KINDS:
        raise NotHere(f"torch.optim has no {work}")
    wave = torch.sin(torch.arange(size, dtype=torch.float64) * 0.7)
    params = [p.float().clone().requires_grad_() for p in wave.chunk(tensors)]
    for p, g in zip(params, wave.chunk(tensors)):
        p.grad = (g * 0.1).float()
    made = KINDS[work](params, **way)

    def clipped():
        nn.utils.clip_grad_norm_(params, 1.0)
        made.step()

    step = clipped if work == "clip" else made.step
    return step, lambda: params[0].detach()[:8]


def mlp(work, way, data, batch, goal=None):
    digits = Digits(data)
    device = torch.get_default_device()

    def fresh():
        parts = []
        for (a, b), (weight, bias) in zip(zip(SIZES, SIZES[1:]), digits.layers):
            layer = nn.Linear(a, b)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(weight))
                layer.bias.copy_(torch.from_numpy(bias))
            parts += [layer, nn.ReLU()]
        net = nn.Sequential(*parts[:-1])
        loss, made = nn.CrossEntropyLoss(), KINDS["adamw"](net.parameters(), **way)

        def epoch(x, y):
            x, y = torch.as_tensor(x, device=device), torch.as_tensor(y, device=device)
            for k in range(0, len(x), batch):
                made.zero_grad(set_to_none=True)
                loss(net(x[k : k + batch]), y[k : k + batch]).backward()
                made.step()

        return net, epoch

    if work == "epoch":
        net, epoch = fresh()
        x, y = torch.as_tensor(digits.x, device=device), torch.as_tensor(digits.y, device=device)
        return lambda: epoch(x, y), lambda: net[-1].bias.detach()[:8]

    def train():
        net, epoch = fresh()
        return digits.train(goal, epoch, lambda x: net(torch.as_tensor(x, device=device)).detach().cpu())

    return train, None


serve({"torch": torch.__version__}, prepare)
