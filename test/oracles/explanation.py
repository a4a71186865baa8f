"""Grad-CAM, its enlarged map and input gradients of a small residual CNN in PyTorch, float64: the oracle of
src/evaluation/explanation/explain.test.ts.

Run with Debian's python3-torch:  python3 test/oracles/explanation.py > test/oracles/explanation.json
The image and the weights come from a formula that the test repeats, so that only results are stored.
"""
import json

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HEIGHT, WIDTH, CLASSES, LABEL = 10, 8, 4, 2


def noise(count, salt):
    """count numbers in [-1/2, 1/2), float32: a multiplicative hash of their positions."""
    words = [(((i + 1) * 2654435761 ^ salt * 2246822519) * 3266489917) & 0xFFFFFFFF for i in range(count)]
    return torch.tensor([w / 2**32 - 0.5 for w in words]).float().double()


def kernel(height, width, inputs, filters, salt):
    """[height, width, inputs, filters] as Atelier lays it out, turned to PyTorch's order."""
    return noise(height * width * inputs * filters, salt).reshape(height, width, inputs, filters).permute(3, 2, 0, 1)


pixels = torch.tensor([(i * 7919 + i * i * 31) % 256 for i in range(HEIGHT * WIDTH * 2)]) / 255
x = pixels.reshape(1, HEIGHT, WIDTH, 2).permute(0, 3, 1, 2).clone().requires_grad_()

first = F.max_pool2d(F.relu(F.conv2d(x, kernel(3, 3, 2, 5, 1), noise(5, 2), padding=1)), 2)
branch = F.conv2d(first, kernel(3, 3, 5, 5, 3), noise(5, 4), padding=1)
branch = F.batch_norm(branch, noise(5, 5) * 0.5, noise(5, 6) + 1, noise(5, 7) + 1, noise(5, 8), eps=1e-5)
last = F.relu(first + branch)
features = last.permute(0, 2, 3, 1).reshape(1, -1)
logits = features @ noise(features.shape[1] * CLASSES, 9).reshape(-1, CLASSES) + noise(CLASSES, 10)

given, slope, dx = last, *torch.autograd.grad(logits[0, LABEL], [last, x])
cam = F.relu((slope.mean((2, 3), keepdim=True) * given).sum(1, keepdim=True))
large = F.interpolate(cam, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "label": LABEL,
            "probabilities": F.softmax(logits, 1)[0].tolist(),
            "gradient": dx[0].permute(1, 2, 0).flatten().tolist(),
            "saliency": dx[0].abs().amax(0).flatten().tolist(),
            "gradCam": large.flatten().tolist(),
        }
    )
)
