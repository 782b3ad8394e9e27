// The walk through a certificate's stages in their order, and the bound that each proves.

import { Bounder, weightsOf } from "./bounds.js";
import { constantOf, capped, namesOf, onlyKeys, STAGE, stageName, wholeNumber, wholeNumbers } from "./form.js";
import { least, most } from "./numbers.js";
import { treeBound } from "./tree.js";
import { Malformed, same } from "./words.js";

/** Where a reader of the certificate is, and what is proven and kept so far. */
export class Walk {
  constructor(round, reached, stages, findings) {
    Object.assign(this, { round, reached, findings });
    this.stages = [...stages];
    this.bounder = new Bounder(round);
    this.proven = { sums: new Map(), levels: new Map(), kept: new Map(), targets: new Map(),
      causes: new Map(), order: [], open: [], value: null };
    this.kept = this.proven.kept;
    this.sizes = new Map();
    this.levels = new Map();
    this.traded = new Set();
    this.awarded = new Map(round.groups.map((group, code) => [group, reached.awarded[code]]));
  }

  /** Nothing may be left. */
  ended() {
    if (this.stages.length) this.findings.add("stages_differ", { stated: this.stages.map(stageName) });
  }

  next() {
    return this.stages.length ? stageName(this.stages[0]) : "";
  }

  nextHasObjective() {
    const objective = this.stages[0] instanceof Map && this.stages[0].get("objective");
    return Boolean(objective?.size ?? objective);
  }

  /** The next stage, which has to be this one. */
  take(name, extra = [], sometimes = []) {
    if (this.next() !== name) {
      this.findings.add("stages_differ", { stated: this.next(), recomputed: name });
      throw new Malformed(`stages, ${name}`);
    }
    const stage = this.stages.shift();
    this.proven.order.push(name);
    onlyKeys(stage, [...STAGE, ...extra], sometimes, name, this.findings);
    if (![...STAGE, ...extra].every((key) => stage.has(key))) throw new Malformed(name);
    for (const key of ["constant", "bound_numerator", "bound"]) wholeNumber(stage, key);
    if (extra.includes("reached")) wholeNumber(stage, "reached");
    if (wholeNumber(stage, "denominator") < 1n) throw new Malformed(`${name}, denominator`);
    for (const key of ["objective", "multipliers", "kept"]) namesOf(this, name, wholeNumbers(stage, key));
    return stage;
  }

  expectReached(stage, name, reached) {
    this.findings.expect("reached_differs", stage.get("reached"), reached, { stage: name });
  }

  nothingToProve(stage, reached) {
    const name = stage.get("stage");
    const empty = !stage.get("multipliers").size && !stage.get("kept").size
      && !stage.get("constant") && !stage.has("tree");
    if (!empty || stage.get("bound_numerator") !== stage.get("denominator") * reached) {
      this.findings.add("objective_differs", { stage: name });
    }
    this.findings.expect("bound_differs", stage.get("bound"), reached, { stage: name });
  }

  /** No division keeps more than what is kept, so that `lowest` is the least. */
  nothingKeeps(name, kept, lowest) {
    const stage = this.take(name, ["reached"], ["tree"]);
    this.expectReached(stage, name, lowest);
    if (this.provenBound(stage, new Map(), kept, -1n) >= 0n) this.proven.open.push(name);
  }

  /** A stage that raises a sum: value, people, or people of groups up to their targets. */
  raiseSum(name, reached, kept, required = null) {
    const stage = this.take(name, ["reached"], ["tree"]);
    this.expectReached(stage, name, reached);
    const objective = required ? null : new Map([[name, stage.get("denominator")]]);
    let bound = this.provenBound(stage, objective, kept, reached, required);
    if (required) bound = least(bound, [...required.values()].reduce((sum, n) => sum + n, 0n));
    this.proven.sums.set(name, [reached, bound]);
  }

  /** The bound of a stage, by its multipliers and its tree. */
  provenBound(stage, objective, kept, reached, required = null) {
    const name = stage.get("stage"), denominator = stage.get("denominator");
    let constant = 0n;
    if (required?.size) {
      capped(this, name, stage.get("objective"), denominator, required);
      constant = constantOf(stage.get("objective"), denominator, required);
    } else if (!same(stage.get("objective"), objective)) {
      this.findings.add("objective_differs", { stage: name });
    }
    this.findings.expect("bound_differs", stage.get("constant"), constant, { stage: name, figure: "constant" });
    this.checkKept(stage, stage.get("kept"), kept);
    const weights = weightsOf(stage, { constant });
    const numerator = this.root(stage, weights);
    let bound = this.bounder.bound(weights, numerator, denominator, this.bounder.whole);
    if (name === "value") this.proven.value = [weights, denominator];
    if (stage.has("tree")) {
      const step = objective?.size && !constant ? this.bounder.whole.units.get(name) ?? 1n : 1n;
      let settled = [weights, denominator, reached + step, name];
      if (name === "people") settled = [...this.proven.value, this.reached.value, "value"];
      const tree = treeBound(this, stage, weights, settled, required?.size ? required : null);
      bound = least(bound, most(reached, tree));
    }
    this.findings.expect("bound_differs", stage.get("bound"), bound, { stage: name });
    if (reached > bound) this.findings.add("bound_passed", { stage: name, reached, bound });
    return bound;
  }

  root(stage, weights) {
    const numerator = this.bounder.numerator(weights);
    this.findings.expect("bound_differs", stage.get("bound_numerator"), numerator,
      { stage: stage.get("stage"), figure: "bound_numerator" });
    return numerator;
  }

  /** What is kept must be what was reached; a promise of nothing may be left out. */
  checkKept(stage, stated, expected) {
    for (const limit of new Set([...stated.keys(), ...expected.keys()])) {
      const one = stated.get(limit) ?? 0n, other = expected.get(limit) ?? 0n;
      if (one !== other) {
        this.findings.add("kept_differs",
          { stage: stage.get("stage"), limit, stated: one, recomputed: other });
      }
    }
  }
}

