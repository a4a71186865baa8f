"""Opens written.safetensors, which our writer wrote (src/record/safetensors.test.ts), with Python's own safetensors, says
in safetensors_files.json what it finds there, and writes the same tensors itself, in its own order and without our
checksum, to python.safetensors.

    pip install safetensors==0.8.0 numpy && python3 test/oracles/safetensors_files.py
"""
import json
import pathlib

import safetensors
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
with safetensors.safe_open(here / 'written.safetensors', 'numpy') as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    metadata = file.metadata()
found = [
    {'name': name, 'dtype': str(x.dtype), 'shape': list(x.shape), 'values': x.flatten().tolist()}
    for name, x in tensors.items()
]
(here / 'safetensors_files.json').write_text(
    json.dumps({'safetensors': safetensors.__version__, 'metadata': metadata, 'tensors': found}, indent=1) + '\n'
)
del metadata['checksum']
save_file(tensors, here / 'python.safetensors', metadata)
