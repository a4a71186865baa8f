"""Trains network.json's network in PyTorch on silhouettes, and writes its weights as its users do, with safetensors, to
torch.safetensors and what PyTorch says of the test images to torch.json. After `npm run build`, from the repository's root:

    pip install torch safetensors && python3 test/oracles/imported/torch_network.py
"""
import json
import pathlib
import subprocess

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn.functional import cross_entropy

here = pathlib.Path(__file__).parent
SOURCE, MEAN, STD = 'silhouettes:train=2000,test=400', 0.25, 0.4
READ = f"""
import {{ loadDataset, parseSource }} from './dist/data/source.js'
import {{ unseal }} from './dist/data/sealed.js'
const {{ train, test, hash }} = await loadDataset(parseSource('{SOURCE}'))
const bytes = ({{ pixels, labels }}) => [pixels, labels].map((x) => Buffer.from(x).toString('base64'))
console.log(JSON.stringify({{ hash, train: bytes(train), test: bytes(unseal(test)) }}))
"""


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(6)
        self.conv3 = nn.Conv2d(6, 5, 3, stride=2)
        self.norm = nn.BatchNorm1d(180)
        hidden = [layer for inputs in (180, 16, 16) for layer in (nn.Linear(inputs, 16), nn.ReLU())]
        self.classifier = nn.Sequential(*hidden, nn.Linear(16, 10))

    def forward(self, x):
        small = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        joined = torch.relu(small + self.bn2(self.conv2(small)))
        return self.classifier(self.norm(torch.tanh(self.conv3(joined)).flatten(1)))


def tensors(pixels, labels):
    read = lambda text: np.frombuffer(__import__('base64').b64decode(text), np.uint8)
    images = torch.tensor(read(pixels).reshape(-1, 1, 28, 28).astype('f4') / 255)
    return (images - MEAN) / STD, torch.tensor(read(labels).astype('i8'))


told = subprocess.run(['node', '--input-type=module', '-e', READ], stdout=subprocess.PIPE, check=True)
data = json.loads(told.stdout)
(x, y), (test_x, test_y) = tensors(*data['train']), tensors(*data['test'])
torch.manual_seed(1)
torch.set_num_threads(1)
network = Network()
optimizer = torch.optim.Adam(network.parameters(), 0.003)
for epoch in range(4):
    for rows in torch.randperm(len(x)).split(50):
        optimizer.zero_grad()
        cross_entropy(network(x[rows]), y[rows]).backward()
        optimizer.step()
network.eval()
save_file({name: value.numpy() for name, value in network.state_dict().items()}, here / 'torch.safetensors')
with torch.no_grad():
    z = network.double()(test_x.double())
(here / 'torch.json').write_text(
    json.dumps({
        'torch': torch.__version__,
        'source': SOURCE,
        'hash': data['hash'],
        'mean': MEAN,
        'std': STD,
        'loss': cross_entropy(z, test_y).item(),
        'accuracy': (z.argmax(1) == test_y).double().mean().item(),
    }) + '\n'
)
