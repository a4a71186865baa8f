"""Writes an untrained network as ONNX, for ONNX Runtime to be timed on:  export_onnx.py NETWORK FILE"""

import json
import sys

import torch
from torch import nn

network, file = json.loads(sys.argv[1]), sys.argv[2]
layers, channels, side = [], 1, 28
for width in network["widths"]:
    layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]
    channels, side = width, (side + 1) // 2
model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side * side, 10), nn.Softmax(1)).eval()
example = torch.rand(network["batch"], 1, 28, 28)
torch.onnx.export(model, example, file, input_names=["x"], output_names=["p"], opset_version=13)
