/**
 * Which point additions lead from one point R to its products with many scalars.
 *
 * The scalars do not change from point to point, so the whole computation is planned once, as a graph: points 2^k·R (the
 * doublings), small multiples of them that several scalars share (the table), and a tree of sums for each scalar. What no scalar
 * needs is not computed. Points are grouped in levels, each of sums of points of the levels before: a level's additions are
 * independent of each other and share a single inversion.
 *
 * Sums never meet the exceptions of the addition formula (equal or opposite points), whatever R is: both summands are different
 * multiples of R, and neither is the other's negative, because their scalars are of different magnitude and below half the order.
 */
import { type SplitScalar, signedDigits, splitScalar } from './matcher-scalars.js';

/** A point in the plan: where it will be, and from which level on. */
export interface PlannedPoint {
  readonly slot: number;
  readonly level: number;
}

/** Slots of what is read and written. */
export interface Level {
  readonly additions: { readonly left: number; readonly right: number; readonly sum: number }[];
  readonly negations: { readonly from: number; readonly to: number }[];
  /** Multiplications by λ. */
  readonly endomorphisms: { readonly from: number; readonly to: number }[];
}

export interface Plan {
  /** Which doublings of R are needed, as exponents of 2, and where. */
  readonly powers: readonly { readonly exponent: number; readonly slot: number }[];
  /** The first has no additions. */
  readonly levels: readonly Level[];
  readonly slots: number;
  /** Where each scalar's product will be. */
  readonly results: readonly number[];
}

/** Of the plans with digits of different widths the cheapest: wider digits make fewer sums, and a larger table to share. */
export function planProducts(scalars: readonly bigint[]): Plan {
  const halves = scalars.map(splitScalar);
  const plans = WINDOW_BITS.map((bits) => planWith(halves, bits));
  return plans.reduce((best, plan) => (costOf(plan) < costOf(best) ? plan : best));
}

/** Narrower ones pay for no number of keys; wider ones only for thousands. */
const WINDOW_BITS = [3, 4, 5, 6, 7];
/** An inversion takes about as long as this many additions. */
const INVERSION_COST = 35;

function planWith(halves: readonly SplitScalar[], bits: number): Plan {
  const planner = new Planner();
  const results = halves.map((half) => planner.product(half, bits).slot);
  return { ...planner.plan(), results };
}

function costOf({ levels }: Plan): number {
  return levels.reduce((cost, { additions }) => cost + additions.length + INVERSION_COST, 0);
}

class Planner {
  readonly #powers = new Map<number, PlannedPoint>();
  readonly #multiples = new Map<string, PlannedPoint>();
  readonly #negatives = new Map<number, PlannedPoint>();
  readonly #levels: Level[] = [];
  #slots = 0;

  plan(): Omit<Plan, 'results'> {
    const powers = [...this.#powers].map(([exponent, { slot }]) => ({ exponent, slot }));
    return { powers, levels: this.#levels, slots: this.#slots };
  }

  product({ plain, timesLambda }: SplitScalar, bits: number): PlannedPoint {
    const left = this.#half(plain, bits);
    const right = this.#half(timesLambda, bits);
    if (right === undefined) return left!;
    const turned = this.#endomorphism(right);
    return left === undefined ? turned : this.#sum(left, turned);
  }

  /** A balanced tree: few levels, so few inversions. */
  #half(scalar: bigint, bits: number): PlannedPoint | undefined {
    let points = signedDigits(scalar, bits)
      .map((digit, index) => (digit === 0 ? undefined : this.#multiple(digit, index * bits)))
      .filter((point) => point !== undefined);
    while (points.length > 1) {
      points = points
        .filter((_, index) => index % 2 === 0)
        .map((point, index) => (2 * index + 1 < points.length ? this.#sum(point, points[2 * index + 1]!) : point));
    }
    return points[0];
  }

  /** factor·2^exponent·R. */
  #multiple(factor: number, exponent: number): PlannedPoint {
    if (factor < 0) return this.#negative(this.#multiple(-factor, exponent));
    if (factor === 1) return this.#power(exponent);
    if (factor % 2 === 0) return this.#multiple(factor / 2, exponent + 1);
    const key = `${factor} ${exponent}`;
    const known = this.#multiples.get(key);
    if (known !== undefined) return known;
    // Towards the neighbour that more powers of 2 divide: 7 = 8 - 1, 5 = 4 + 1.
    const step = factor % 4 === 1 ? 1 : -1;
    const point = this.#sum(this.#multiple(factor - step, exponent), this.#multiple(step, exponent));
    this.#multiples.set(key, point);
    return point;
  }

  #power(exponent: number): PlannedPoint {
    const point = this.#powers.get(exponent) ?? this.#place(0);
    this.#powers.set(exponent, point);
    return point;
  }

  #sum(left: PlannedPoint, right: PlannedPoint): PlannedPoint {
    const sum = this.#place(Math.max(left.level, right.level) + 1);
    this.#level(sum.level).additions.push({ left: left.slot, right: right.slot, sum: sum.slot });
    return sum;
  }

  #negative(point: PlannedPoint): PlannedPoint {
    const known = this.#negatives.get(point.slot);
    if (known !== undefined) return known;
    const negative = this.#place(point.level);
    this.#level(point.level).negations.push({ from: point.slot, to: negative.slot });
    this.#negatives.set(point.slot, negative);
    return negative;
  }

  #endomorphism(point: PlannedPoint): PlannedPoint {
    const turned = this.#place(point.level);
    this.#level(point.level).endomorphisms.push({ from: point.slot, to: turned.slot });
    return turned;
  }

  #place(level: number): PlannedPoint {
    return { slot: this.#slots++, level };
  }

  #level(number: number): Level {
    while (this.#levels.length <= number) this.#levels.push({ additions: [], negations: [], endomorphisms: [] });
    return this.#levels[number]!;
  }
}
