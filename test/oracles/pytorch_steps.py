"""Training steps of mlp-medium and cnn-medium in PyTorch, float64: the oracle of test/pytorch.test.ts.

Run with Debian's python3-torch:  python3 test/oracles/pytorch_steps.py > test/oracles/pytorch_steps.json
Images, labels and weights come from a formula that the test repeats, so that only results are stored.
"""
import json
import sys

import torch
import torch.nn.functional as F

BATCH, STEPS = 8, 3
torch.set_default_dtype(torch.float64)


def noise(count, salt):
    """count numbers in [-1/2, 1/2), float32: a multiplicative hash of their positions."""
    words = [(((i + 1) * 2654435761 ^ salt * 2246822519) * 3266489917) & 0xFFFFFFFF for i in range(count)]
    return torch.tensor([w / 2**32 - 0.5 for w in words]).float().double()


def weights(shapes):
    """Kernels scaled by sqrt(6 / fan-in) · 2, biases by 0.1; salts are the positions in the list."""
    result = []
    for salt, shape in enumerate(shapes):
        count = 1
        for n in shape:
            count *= n
        fan_in = count // shape[-1]
        scale = 0.1 if len(shape) == 1 else (24 / fan_in) ** 0.5
        result.append((noise(count, salt) * scale).float().double().reshape(shape).requires_grad_())
    return result


def mlp(x, p):
    x = F.relu(x.reshape(BATCH, 784) @ p[0] + p[1])
    x = F.relu(x @ p[2] + p[3])
    return x @ p[4] + p[5]


def cnn(x, p):
    x = x.reshape(BATCH, 1, 28, 28)
    for kernel, bias in ((p[0], p[1]), (p[2], p[3])):
        x = F.max_pool2d(F.relu(F.conv2d(x, kernel.permute(3, 2, 0, 1), bias, padding=1)), 2)
    return x.permute(0, 2, 3, 1).reshape(BATCH, 3136) @ p[4] + p[5]  # channels last, as Atelier flattens


NETWORKS = {
    "mlp-medium": (mlp, [(784, 128), (128,), (128, 128), (128,), (128, 10), (10,)]),
    "cnn-medium": (cnn, [(3, 3, 1, 32), (32,), (3, 3, 32, 64), (64,), (3136, 10), (10,)]),
}
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.001, betas=(0.9, 0.999), eps=1e-7),
}

x = torch.tensor([(i * 7919 + i * i * 31) % 256 for i in range(BATCH * 784)]) / 255
y = torch.tensor([(i * 3) % 10 for i in range(BATCH)])
result = {"torch": torch.__version__, "batch": BATCH, "runs": []}
for name, (forward, shapes) in NETWORKS.items():
    for optimizer_name, make in OPTIMIZERS.items():
        p = weights(shapes)
        optimizer = make(p)
        losses = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = F.cross_entropy(forward(x, p), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        parameters = [
            {"sum": t.sum().item(), "squares": (t * t).sum().item(), "some": t.flatten()[:: max(1, t.numel() // 7)][:7].tolist()}
            for t in (t.detach() for t in p)
        ]
        result["runs"].append({"model": name, "optimizer": optimizer_name, "losses": losses, "parameters": parameters})
json.dump(result, sys.stdout, indent=1)
