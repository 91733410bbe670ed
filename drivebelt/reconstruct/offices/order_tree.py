"""The likelihood of a tree of offices given the days of their papers, lost papers and silent offices summed out.

An order starts at the top of the tree, which leaves no paper of its own, and comes down step by step. At each step the office
acts or stops it; it acts a lag after its superior, and its paper is kept or lost. Days stand on a grid, so that for a given tree
the sums over all days and all silences are exact (messages up and down a tree; Pearl 1988). `weigh` takes one office with all
below it out of the tree and says how likely the papers are with it below each other office: what a step of Gibbs sampling over
trees needs.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from drivebelt.compilation import KERNEL

FAST = {**KERNEL, "fastmath": {"nnan", "nsz"}}
"""No value is ever missing here: the greatest of many is found several at a time."""


@njit(**FAST)
def in_order(up):
    """Offices of a tree from the top down: each stands after its superior. `up[top]` is -1."""
    n = up.size
    depth = np.zeros(n, np.int64)
    for i in range(n):
        at = up[i]
        while at >= 0:
            depth[i] += 1
            at = up[at]
    return np.argsort(depth, kind="mergesort")


@njit(**FAST)
def _own(seen, kept, width, out):
    """Likelihood of an office's own paper (cell `seen` of the grid, or none) by its state: the cell in which it acts, or never."""
    if seen >= 0:
        out[:] = 0.0
        out[seen] = kept
    else:
        out[:width] = 1.0 - kept
        out[width] = 1.0


@njit(**FAST)
def _send_up(own, seen, passes, slips, starts, lag, late, width, out):
    """Message of an office to its superior, by the superior's state; scaled so that its largest is 1. The log of the scale."""
    stops = (1.0 - passes) * own[width]
    straight, crooked = passes * (1.0 - slips), passes * slips
    if seen >= 0:
        any_day = own[seen] / width
        out[:width] = crooked * any_day
        for k in range(min(lag.size, seen + 1)):
            out[seen - k] += straight * lag[k] * own[seen]
    else:
        any_day = own[:width].sum() / width
        for g in range(width):  # beyond the grid no paper is seen
            out[g] = stops + crooked * any_day + straight * own[width] * late[g]
        for k in range(min(lag.size, width)):
            share = straight * lag[k]
            for g in range(width - k):
                out[g] += share * own[g + k]
    out[width] = starts * any_day + (1.0 - starts) * own[width]
    most = out.max()
    out /= most
    return np.log(most)


@njit(**FAST)
def _times(state, came):
    """Multiplies by a message in place, scaled before it grows too small to hold; the log of the scale."""
    most = 0.0
    for g in range(state.size):
        state[g] *= came[g]
        most = max(most, state[g])
    if most > 1e-60:
        return 0.0
    state /= most
    return np.log(most)


@njit(**FAST)
def _send_down(above, point, passes, slips, starts, lag, late, width, out):
    """What an office's state is given all but what is below it: from the same of its superior, `point` if that is one cell."""
    straight, crooked = passes * (1.0 - slips), passes * slips
    if point >= 0:
        out[:width] = crooked / width
        for k in range(min(lag.size, width - point)):
            out[point + k] += straight * lag[k]
        out[width] = 1.0 - passes + straight * late[point]
        return
    acts, beyond, never = 0.0, 0.0, above[width]
    for g in range(width):
        acts += above[g]
        beyond += above[g] * late[g]
    out[:width] = (acts * crooked + never * starts) / width
    for k in range(min(lag.size, width)):
        share = straight * lag[k]
        for g in range(width - k):
            out[g + k] += share * above[g]
    out[width] = straight * beyond + acts * (1.0 - passes) + never * (1.0 - starts)


@njit(**FAST)
def later(lag, width):
    """By cell of the superior: share of lags that lead beyond the grid."""
    out = np.zeros(width)
    for g in range(width):
        left = 1.0
        for k in range(min(lag.size, width - g)):
            left -= lag[k]
        out[g] = max(left, 0.0)
    return out


@njit(**FAST)
def messages(seen, up, kept, passes, slips, starts, lag, width):
    """By [order, office, state]: all messages upwards (of the top, which sends none, ones), and what comes to an office from below
    and its own paper; and by [order, office] the log scales of all below, summed.

    `seen[order, office]` is the cell of the day of a paper, -1 without one; states are the `width` cells and "never".
    """
    orders, n = seen.shape
    line = in_order(up)
    late = later(lag, width)
    sent = np.ones((orders, n, width + 1))
    scale = np.zeros((orders, n))
    state = np.empty((orders, n, width + 1))
    for o in range(orders):
        for i in range(n):
            _own(seen[o, i], kept[i], width, state[o, i])
        for at in range(n - 1, 0, -1):
            i = line[at]
            scale[o, i] += _send_up(state[o, i], seen[o, i], passes[i], slips, starts, lag, late, width, sent[o, i])
            scale[o, up[i]] += scale[o, i] + _times(state[o, up[i]], sent[o, i])
    return sent, state, scale


def evidence(state, scale, up, width) -> float:
    """Log likelihood of all papers, from `messages`: any day of the top is as likely within the grid."""
    top = int(np.flatnonzero(up < 0)[0])
    return float((np.log(state[:, top, :width].mean(1)) + scale[:, top]).sum())


@njit(**FAST)
def _swap(state, went, came):
    """Puts one message in the place of another in what comes to an office."""
    most = 0.0
    for g in range(state.size):
        state[g] *= came[g] / went[g]
        most = max(most, state[g])
    if most < 1e-60 or most > 1e60:
        state /= most


@njit(**FAST)
def move(office, to, seen, up, sent, state, passes, slips, starts, lag, width):
    """Puts `office`, and all below it, under `to`: the tree and the messages of `messages`, in place."""
    late = later(lag, width)
    none, old = np.ones(width + 1), np.empty(width + 1)
    for o in range(seen.shape[0]):
        for new in (False, True):
            i = to if new else up[office]
            if new:
                _swap(state[o, i], none, sent[o, office])
            else:
                _swap(state[o, i], sent[o, office], none)
            while up[i] >= 0:
                old[:] = sent[o, i]
                _send_up(state[o, i], seen[o, i], passes[i], slips, starts, lag, late, width, sent[o, i])
                i, j = up[i], i
                _swap(state[o, i], old, sent[o, j])
    up[office] = to


@njit(**FAST)
def weigh(office, among, seen, up, sent, state, passes, slips, starts, lag, width):
    """Log likelihood of the papers with `office`, and all below it, under each office of `among`, up to a constant.

    It is -inf under others and below itself. `sent` and `state` are those of the whole tree, from `messages`.
    """
    orders, n = seen.shape
    line = in_order(up)
    late = later(lag, width)
    below = np.zeros(n, np.bool_)
    for at in range(n):
        i = line[at]
        below[i] = i == office or (up[i] >= 0 and below[up[i]])
    path = np.zeros(n, np.bool_)
    at = up[office]
    while at >= 0:
        path[at] = True
        at = up[at]
    asked = among & ~below
    needed = asked.copy()
    for at in range(n - 1, 0, -1):
        needed[up[line[at]]] |= needed[line[at]]
    score = np.where(asked, 0.0, -np.inf)
    less = np.empty((n, width + 1))  # what comes to those above the office without it, and what they send on
    anew = np.empty((n, width + 1))
    prior = np.empty((n, width + 1))
    rest = np.empty(width + 1)
    for o in range(orders):
        mine = sent[o, office]
        i = up[office]
        for g in range(width + 1):
            less[i, g] = state[o, i, g] / mine[g]
        while up[i] >= 0:
            _send_up(less[i], seen[o, i], passes[i], slips, starts, lag, late, width, anew[i])
            j = up[i]
            for g in range(width + 1):
                less[j, g] = state[o, j, g] / sent[o, i, g] * anew[i, g]
            i = j
        for at in range(n):
            i = line[at]
            if not needed[i]:
                continue
            point = seen[o, i]
            if up[i] < 0:
                prior[i, :width] = 1.0
                prior[i, width] = 0.0
            elif point < 0:
                j = up[i]
                if seen[o, j] >= 0:
                    rest[seen[o, j]] = 1.0
                else:
                    came = anew[i] if path[i] else sent[o, i]
                    all_below = less[j] if path[j] else state[o, j]
                    total = 0.0
                    for g in range(width + 1):
                        rest[g] = prior[j, g] * all_below[g] / came[g]
                        total += rest[g]
                    rest /= total
                _send_down(rest, seen[o, j], passes[i], slips, starts, lag, late, width, prior[i])
            if not asked[i]:
                continue
            if point >= 0:
                score[i] += np.log(mine[point])
            else:
                own = less[i] if path[i] else state[o, i]
                total, found = 0.0, 0.0
                for g in range(width + 1):
                    b = prior[i, g] * own[g]
                    total += b
                    found += b * mine[g]
                score[i] += np.log(found / total)
    return score


@njit(**FAST)
def expect(seen, up, sent, state, passes, slips, starts, lag, width):
    """Expected counts for estimating the rates: by office orders in which it acted, in which its superior did, in which both did;
    then, of all offices, lags that fit none, orders that began at an office, and those in which its superior did not act.
    Last the cell of the top's day, by order (expected), and its spread."""
    orders, n = seen.shape
    line = in_order(up)
    late = later(lag, width)
    acted, above, both = np.zeros(n), np.zeros(n), np.zeros(n)
    slipped, began, idle = 0.0, 0.0, 0.0
    top, spread = np.zeros(orders), np.zeros(orders)
    prior = np.empty((n, width + 1))
    rest = np.empty(width + 1)
    for o in range(orders):
        for at in range(n):
            i = line[at]
            j = up[i]
            if j < 0:
                prior[i, :width] = 1.0
                prior[i, width] = 0.0
                b = prior[i] * state[o, i]
                b /= b.sum()
                acted[i] += 1.0
                for g in range(width):
                    top[o] += g * b[g]
                    spread[o] += g * g * b[g]
                continue
            total = 0.0
            for g in range(width + 1):
                rest[g] = prior[j, g] * state[o, j, g] / sent[o, i, g]
                total += rest[g]
            rest /= total
            _send_down(rest, seen[o, j], passes[i], slips, starts, lag, late, width, prior[i])
            live = 1.0 if seen[o, j] >= 0 else 1.0 - rest[width]
            b = prior[i] * state[o, i]
            total = b.sum()
            flat = state[o, i, :width].sum() / width
            stop = live * (1.0 - passes[i]) * state[o, i, width] / total
            own = (1.0 - live) * starts * flat / total
            off = (1.0 - live) * (1.0 - starts) * state[o, i, width] / total
            acted[i] += 1.0 - b[width] / total
            both[i] += max(1.0 - stop - own - off, 0.0)
            above[i] += max(1.0 - own - off, 0.0)
            slipped += live * passes[i] * slips * flat / total
            began += own
            idle += own + off
    return acted, above, both, slipped, began, idle, top, np.sqrt(np.maximum(spread - top * top, 0.0))
