"""Known numbers of cells of recurrent networks.

    python3 test/engine/known/cells.py

writes cells.json beside this file.
"""

import torch

from kit import case, normal, save


def cell(nonlinearity):
    """PyTorch has a second bias, and its weights turned."""

    def step(x, h, kernel, recurrent, bias=None):
        made = torch.nn.RNNCell(x.shape[1], h.shape[1], nonlinearity=nonlinearity)
        none = torch.zeros(h.shape[1])
        with torch.no_grad():
            made.bias_hh.zero_()
        weights = {"weight_ih": kernel.T, "weight_hh": recurrent.T, "bias_ih": none if bias is None else bias, "bias_hh": none}
        return torch.nn.utils.stateless.functional_call(made, weights, (x, h))

    return step


case("simpleRnnCell", cell("tanh"), x=normal(2, 3), h=normal(2, 4), kernel=normal(3, 4), recurrentKernel=normal(4, 4), bias=normal(4))
case("simpleRnnCell", cell("relu"), "relu", x=normal(2, 3), h=normal(2, 2), kernel=normal(3, 2), recurrentKernel=normal(2, 2), bias=normal(2))


def tree(h1, c1, h2, c2, left, right, bias, x, kernel):
    """As in TensorFlow's example of SPINN."""
    a, i, f1, f2, o = torch.chunk(h1 @ left + h2 @ right + bias + x @ kernel, 5, 1)
    c = a.tanh() * i.sigmoid() + f1.sigmoid() * c1 + f2.sigmoid() * c2
    return o.sigmoid() * c.tanh(), c


states = {name: normal(2, 3) for name in ("leftH", "leftC", "rightH", "rightC")}
case("treeLstmCell", tree, **states, leftKernel=normal(3, 15), rightKernel=normal(3, 15), bias=normal(15), x=normal(2, 2), kernel=normal(2, 15))

save(__file__)
