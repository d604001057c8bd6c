"""How known numbers for the op tests are written down, from PyTorch, NumPy and SciPy.

For each case the op, its inputs and arguments, the results, and the gradients
of the sum of the results, each weighed by `weight` of its position. Everything
is f64 unless a case says otherwise. Complex numbers are their two parts in turn. Made with NumPy 1.24, SciPy 1.10 and
PyTorch 1.13; the values of the inputs are written down in the scripts or come
from a seed.
"""

import json
import math
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(2018)
nan, inf = math.nan, math.inf
NAMES = {"float64": "f64", "float32": "f32", "int32": "i32", "int64": "i64", "bool": "bool", "uint8": "u8", "complex128": "c128"}
cases = []


def weight(size):
    return np.cos(np.arange(size) + 1.0)


def case(op, fn, *args, grad=True, **inputs):
    """One call. `fn` gets the inputs, as torch tensors, and gives one result or a list."""
    leaves = []

    def leaf(value):
        x = torch.tensor(np.asarray(value))
        if x.dtype in (torch.float64, torch.complex128) and grad:
            x.requires_grad_()
            leaves.append(x)
        return x

    made = {k: [leaf(v) for v in x] if isinstance(x, list) else leaf(x) for k, x in inputs.items()}
    out = fn(*made.values())
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    outs = [torch.as_tensor(o) for o in outs]
    gradients = None
    if grad:
        loss = sum(
            (part * torch.tensor(factor * weight(o.numel())).reshape(o.shape)).sum()
            for o in outs
            for part, factor in parts(o)
        )
        loss.backward()
        gradients = {k: each(x, lambda t: None if t.grad is None else spell(t.grad)) for k, x in made.items()}
    cases.append(
        {
            "op": op,
            "in": {k: each(x, spell) for k, x in made.items()},
            "args": list(args),
            "out": [spell(o) for o in outs],
            **({"gradients": gradients} if grad else {}),
        }
    )


def parts(o):
    """What of a result counts, and how much: of a complex number its imaginary part twice."""
    if o.is_complex():
        return [(o.real, 1), (o.imag, 2)]
    return [(o, 1)] if o.dtype.is_floating_point else []


def each(x, f):
    return [f(t) for t in x] if isinstance(x, list) else f(x)


def spell(t):
    array = t.detach().resolve_conj().resolve_neg().numpy()
    complex = array.dtype == np.complex128
    flat = (np.ascontiguousarray(array).view(np.float64) if np.iscomplexobj(array) else array).ravel().tolist()
    values = [str(v) if isinstance(v, float) and not math.isfinite(v) else v for v in flat]
    values = [{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(v, v) for v in values]
    return {"shape": list(array.shape), "dtype": NAMES[str(array.dtype)], "values": values}


def normal(*shape):
    return random.normal(size=shape)


def positive(*shape):
    return random.uniform(0.2, 3, size=shape)


def save(script):
    """Writes the cases beside the script that made them, under its name."""
    lines = ",\n".join(json.dumps(entry) for entry in cases)
    pathlib.Path(script).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
    print(len(cases), "cases of", len({entry["op"] for entry in cases}), "ops")
