"""Known numbers of losses.

    python3 test/engine/known/losses.py

writes losses.json beside this file.
"""

import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

from kit import case, nan, normal, positive, random, save


def shares(*shape):
    return random.uniform(0.05, 0.95, size=shape)


def binary(*shape):
    return random.integers(0, 2, size=shape).astype(float)


plain = {
    "absoluteDifference": (lambda l, p: (l - p).abs(), normal),
    "meanSquaredError": (lambda l, p: (l - p) ** 2, normal),
    "hingeLoss": (lambda l, p: F.relu(1 - p * (2 * l - 1)), normal),
    "huberLoss": (lambda l, p: F.huber_loss(p, l, reduction="none"), normal),
    "logLoss": (lambda l, p: -l * torch.log(p + 1e-7) - (1 - l) * torch.log(1 - p + 1e-7), shares),
    "bceLoss": (lambda l, p: F.binary_cross_entropy(p, l, reduction="none"), shares),
    "poissonNll": (lambda l, p: torch.exp(p) - l * p, normal),
}
for name, (f, predictions) in plain.items():
    for reduction, fold in {
        "none": lambda x, w: x * w,
        "sum": lambda x, w: (x * w).sum(),
        "mean": lambda x, w: (x * w).sum() / w.sum(),
        "sumByNonzeroWeights": lambda x, w: (x * w).sum() / (w != 0).sum(),
    }.items():
        how = [1, reduction] if name == "huberLoss" else [1e-7, reduction] if name == "logLoss" else [reduction]
        how = [True, reduction] if name == "poissonNll" else how
        case(
            name,
            lambda l, p, w: fold(f(l, p), w),
            *how,
            grad=False,
            labels=binary(3, 2), predictions=predictions(3, 2), weights=np.array([[1.0, 2.0], [0.0, 0.5], [3.0, 1.0]]),
        )
    case(name, lambda l, p: f(l, p).mean(), labels=binary(4), predictions=predictions(4), grad=name != "bceLoss")
case("huberLoss", lambda l, p: F.huber_loss(p, l, delta=0.3), 0.3, labels=normal(5), predictions=normal(5))
case("poissonNll", lambda l, p: F.poisson_nll_loss(p, l, log_input=False), False, labels=positive(5), predictions=positive(5))
case("bceLoss", lambda l, p: F.binary_cross_entropy(p, l), labels=np.array([1.0, 0.0, 0.0, 1.0]), predictions=np.array([0.0, 1.0, 0.0, 1.0]), grad=False)
true, guess = (scipy.special.softmax(normal(4, 3), axis=1) for _ in range(2))
case("klDivergence", lambda l, p: F.kl_div(p.log(), l, reduction="batchmean"), labels=true, predictions=guess)
case("klDivergence", lambda l, p: F.kl_div(p.log(), l, reduction="none").sum(-1), "none", labels=np.array([[0.0, 1.0], [0.5, 0.5]]), predictions=np.array([[0.2, 0.8], [0.3, 0.7]]), grad=False)
case("cosineDistance", lambda l, p: (1 - (l * p).sum(1, keepdim=True)).mean(), 1, labels=normal(2, 3), predictions=normal(2, 3))
case(
    "nllLoss",
    lambda l, p: F.nll_loss(p, l.long()),
    labels=np.array([0, 2, 1, 2], dtype="int32"),
    logProbabilities=normal(4, 3),
)
triple = dict(anchor=normal(4, 3), positive=normal(4, 3), negative=normal(4, 3))
case("tripletLoss", lambda a, p, n: F.triplet_margin_loss(a, p, n), **triple)
case("tripletLoss", lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=3, reduction="none"), 3, "none", **triple)


def ctc(blank, reduction):
    def loss(labels, logits, label_lengths, logit_lengths):
        each = F.ctc_loss(
            logits.log_softmax(-1).transpose(0, 1), labels.long(), logit_lengths.long(), label_lengths.long(), blank, "none"
        )
        return each if reduction == "none" else each.mean()

    return loss


lengths = dict(labelLengths=np.array([3, 2, 0], dtype="int32"), logitLengths=np.array([7, 6, 4], dtype="int32"))
spelled = np.array([[1, 2, 2], [3, 1, 1], [1, 1, 1]], dtype="int32")
case("ctcLoss", ctc(0, "none"), 0, "none", labels=spelled, logits=normal(3, 7, 4), **lengths)
case("ctcLoss", ctc(3, "mean"), 3, labels=np.array([[0, 2, 2], [0, 1, 1], [1, 1, 1]], dtype="int32"), logits=normal(3, 7, 4) * 5, **lengths)

save(__file__)
