// The exact files of a round, checked as docs/certificate.md says: the verifier in Python without
// its last two parts, the words of each reason and the search for exchanges.

import { addUp, checkLimits, checkLots, listed } from "./decisions.js";
import { Figures } from "./figures.js";
import { policySha256, readFiles, snapshotSha256 } from "./files.js";
import { Round } from "./round.js";
import { checkCertificate } from "./stages.js";
import { Findings } from "./words.js";

const RULES = ["optimiser", "fcfs", "lottery", "ranking", "pro_rata", "tiered"];

/** Which check a finding belongs to; what is not named here belongs to the figures. */
const PARTS = {
  files: ["snapshot_differs", "policy_differs", "unknown_rule"],
  one: ["rows_differ", "not_yes_or_no", "amount_not_offered", "refusal_with_amount", "given_refused",
    "withheld_awarded"],
  limits: ["nobody_may_pay", "ceiling_exceeded", "pools_exceeded", "edition_overbooked",
    "cap_exceeded", "too_many_awards", "alternatives_awarded"],
  lots: ["lot_passed_over"],
  proof: ["certificate_missing", "certificate_unexpected", "certificate_malformed", "stages_differ",
    "unknown_limit", "negative_multiplier", "objective_differs", "kept_differs", "bound_differs",
    "reached_differs", "bound_passed", "tree_differs", "nothing_unproven", "level_differs",
    "blocked_unproven", "fractions_differ", "level_unreached", "groups_differ", "give_back_short",
    "coverage_short", "outcome_differs"],
};

/** Everything that does not hold, per check, and the figures that the sentences name. */
export function checkExact(files, input = "input/", outcome = "outcome/") {
  const read = readFiles(files, input, outcome), findings = new Findings(), facts = {};
  const done = ["files"];
  const rule = read.result.get("rule");
  if (RULES.includes(rule)) look(read, rule, findings, facts, done);
  else findings.add("unknown_rule", { rule });
  return { findings, facts, done, partOf };
}

function look(read, rule, findings, facts, done) {
  const snapshot = snapshotSha256(read), policy = policySha256(read.policy), ours = rule === "optimiser";
  for (const [file, published] of [["result.json", read.result], ["certificate.json", read.certificate]]) {
    if (!published) continue;
    findings.expect("snapshot_differs", published.get("snapshot_sha256"), snapshot, { file });
    findings.expect("policy_differs", published.get("policy_sha256"), policy, { file });
  }
  const round = new Round(read);
  Object.assign(facts, { snapshot, requests: round.ids.length, people: round.workers.length });
  done.push("one");
  if (!listed(round, findings)) return;
  const reached = addUp(round, findings, !ours);
  checkLimits(round, reached, findings);
  done.push("limits");
  Object.assign(facts, { awarded: reached.people, spent: reached.spent, ceiling: round.ceiling });
  let proven = null;
  if (!ours) {
    if (read.certificate) findings.add("certificate_unexpected");
    findings.note("other_rule", { rule });
  } else {
    if (read.certificate) proven = checkCertificate(round, reached, read.certificate, findings);
    else findings.add("certificate_missing");
    done.push("proof");
    [facts.value, facts.bound] = proven?.sums.get("value") ?? [reached.value, null];
    checkLots(round, reached, findings);
    const given = round.columns.has("draw") && !findings.counts.has("lot_passed_over");
    done.push(given ? "lots-given" : "lots");
  }
  new Figures(round, reached, proven, findings).check();
  done.push("sums");
}

const partOf = (code) => Object.keys(PARTS).find((part) => PARTS[part].includes(code)) ?? "sums";
