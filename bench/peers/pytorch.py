"""Trains a network in PyTorch: as many steps as each line of standard input says; answers with the seconds they took."""

import json
import sys
import time

import torch
from torch import nn

network = json.loads(sys.argv[1])
batch = network["batch"]
torch.set_num_threads(network["threads"])
torch.manual_seed(1)


def mlp(widths):
    sizes = [784, *widths]
    layers = [layer for a, b in zip(sizes, widths) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], 10)), (784,)


def cnn(widths):
    layers, channels, side = [], 1, 28
    for width in widths:
        layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]
        channels, side = width, (side + 1) // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side * side, 10)), (1, 28, 28)


model, shape = {"mlp": mlp, "cnn": cnn}[network["kind"]](network["widths"])
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True)
loss = nn.CrossEntropyLoss()
images = torch.rand(4096, *shape)
labels = torch.randint(0, 10, (4096,))


def step(number):
    start = number * batch % (len(images) - batch + 1)
    optimizer.zero_grad(set_to_none=True)
    loss(model(images[start : start + batch]), labels[start : start + batch]).backward()
    optimizer.step()


step(0)
print(json.dumps({"version": f"PyTorch {torch.__version__}"}), flush=True)
taken = 1
for line in sys.stdin:
    count = int(line)
    began = time.perf_counter()
    for number in range(taken, taken + count):
        step(number)
    print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
    taken += count
