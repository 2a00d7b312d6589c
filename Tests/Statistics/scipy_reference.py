"""Reference values of the tests in this folder, by SciPy (1.10.1 when they were written down) and mpmath.

usage: python3 Tests/Statistics/scipy_reference.py
"""
import mpmath
import numpy as np
from scipy import optimize, stats


def show(name, *values):
    print(name.ljust(44), *(repr(float(value)) for value in values))


def nct_by_mpmath(t, nu, delta):
    """The defining integral with 40 digits."""
    mpmath.mp.dps = 40
    density = lambda x: x ** (nu - 1) * mpmath.exp(-mpmath.mpf(nu) * (x * x - 1) / 2)
    low, high = max(mpmath.mpf(0), 1 - 12 / mpmath.sqrt(nu)), 1 + 12 / mpmath.sqrt(nu)
    cuts = sorted({low, high} | {x for x in (mpmath.mpf(delta) / t + k / abs(mpmath.mpf(t)) for k in (-8, -3, 0, 3, 8)) if low < x < high} | {mpmath.mpf(1)})
    return mpmath.quad(lambda x: density(x) * mpmath.ncdf(t * x - delta), cuts) / mpmath.quad(density, cuts)


def tail(level, nu):
    """Two-sided. SciPy's t.isf has nine digits only: 12.706204736432102 for tan(0.475 pi) = 12.706204736174707."""
    mpmath.mp.dps = 30
    p = mpmath.mpf(repr(level))
    return float(mpmath.findroot(lambda t: mpmath.betainc(mpmath.mpf(nu) / 2, 0.5, 0, nu / (nu + t * t), regularized=True) - p, stats.t.isf(level / 2, nu)))


for case in [(2.776445105197793, 4, 2), (12.706204736, 1, 3), (2, 4, 0.5), (-1, 9, 1), (2.2, 60, 3), (3, 200, 3.5), (-2.776445105197793, 4, 2), (2, 9, -1), (1.96, 9999, 2.8), (636.6, 1, 2), (0, 7, 1.5), (40, 3, 30)]:
    show(f"nct.cdf{case}", stats.nct.cdf(*case) if case[0] else stats.norm.cdf(-case[2]), nct_by_mpmath(*case) if case[0] else stats.norm.cdf(-case[2]))
for degrees, level in [(1, 0.05), (1, 0.0005), (2, 0.05), (4, 0.05), (4, 0.05 / 32), (30, 0.01)]:
    show(f"two-sided tail({level}, {degrees})", tail(level, degrees))
for one, other in [(10, 2), (2, 10), (25, 15), (7, 7), (1, 0), (0, 6), (300, 250), (121, 59)]:
    n, low = one + other, min(one, other)
    exact = stats.binomtest(one, n, 0.5).pvalue
    show(f"mcnemar({one}, {other})", exact, min(1, 2 * stats.binom.cdf(low, n, 0.5) - stats.binom.pmf(low, n, 0.5)))
for q, k in [(1, 2), (2.5, 3), (3.5, 3), (3.3, 5), (4.474, 10), (6, 20), (0.3, 4)]:
    show(f"studentized_range.cdf({q}, {k}, inf)", stats.studentized_range.cdf(q, k, np.inf))
for k in (2, 3, 5, 6, 10, 20):
    show(f"studentized_range.isf(0.05, {k}, inf)", optimize.brentq(lambda q: stats.studentized_range.sf(q, k, np.inf) - 0.05, 1, 10, xtol=1e-14, rtol=1e-14))


def friedman(name, table):
    statistic, p = stats.friedmanchisquare(*np.array(table).T)
    n, k = np.shape(table)
    f = (n - 1) * statistic / (n * (k - 1) - statistic)
    show(f"friedman, {name}", statistic, p, f, stats.f.sf(f, k - 1, (k - 1) * (n - 1)))


# Hollander and Wolfe 1973, p. 140: times of 22 runners by three ways to round first base
bases = [[5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40], [5.90, 5.85, 5.70], [5.45, 5.55, 5.60], [5.40, 5.40, 5.35], [5.45, 5.50, 5.35],
         [5.25, 5.15, 5.00], [5.85, 5.80, 5.70], [5.25, 5.20, 5.10], [5.65, 5.55, 5.45], [5.60, 5.35, 5.45], [5.05, 5.00, 4.95], [5.50, 5.50, 5.40], [5.45, 5.55, 5.50],
         [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40], [5.70, 5.65, 5.55], [6.30, 6.30, 6.25]]
friedman("rounding first base", bases)
# Demsar 2006, table 6: AUC of C4.5 with four settings on 14 data sets
auc = [[.763, .768, .771, .798], [.599, .591, .590, .569], [.954, .971, .968, .967], [.628, .661, .654, .657], [.882, .888, .886, .898], [.936, .931, .916, .931], [.661, .668, .609, .685],
       [.583, .583, .563, .625], [.775, .838, .866, .875], [1, 1, 1, 1], [.940, .962, .965, .962], [.619, .666, .614, .669], [.972, .981, .9751, .975], [.957, .978, .946, .970]]
friedman("Demsar's table 6", auc)
