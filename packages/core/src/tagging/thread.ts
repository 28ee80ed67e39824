// A conversation read as one: who spoke last, what the status claims, and whether the customer agrees.
import type { Tags } from '@gapwatch/contracts';
import type { Issue } from './issue.ts';
import type { Sentiment } from './sentiment.ts';
import type { Statement } from './statement.ts';

const repeatAfterMs = 86_400_000;
/** Of two statements of a customer the later one says twice as much. */
const laterWeighs = 2;

type TagOne = (statement: Statement) => Tags;

/** `tagOne`: the tagger of single statements. Statements are put in order of time where each has one. */
export function readThread(statements: readonly Statement[], tagOne: TagOne): Pick<Tags, 'issue' | 'sentiment'> {
  const ordered = inOrder(statements);
  return { issue: threadIssue(ordered, tagOne), sentiment: threadSentiment(ordered, tagOne) };
}

function inOrder(statements: readonly Statement[]): readonly Statement[] {
  if (statements.some(({ occurredAt }) => occurredAt === undefined)) return statements;
  const time = ({ occurredAt = '' }: Statement) => Date.parse(occurredAt);
  return statements.toSorted((one, other) => time(one) - time(other));
}

function isCustomer({ author = 'customer' }: Statement): boolean {
  return author === 'customer';
}

function threadIssue(statements: readonly Statement[], tagOne: TagOne): Issue {
  let issue: Issue = { state: 'none', reasons: [], confidence: 0.7 };
  let claimed = false;
  let waitingSince: string | undefined;
  for (const statement of statements) {
    const { status } = statement;
    if (!isCustomer(statement)) {
      waitingSince = undefined;
      if (status === 'solved' || status === 'closed') {
        claimed = true;
        issue = { state: 'resolved', reasons: [], confidence: 0.6 };
      }
      continue;
    }
    const tags = tagOne(statement);
    issue = nextIssue(issue, tags, claimed);
    if (isRepeat(waitingSince, statement) && issue.state !== 'resolved') issue = withReason(issue, 'repeat-contact');
    waitingSince ??= statement.occurredAt;
    if (status !== 'solved' && status !== 'closed') claimed = false;
  }
  return issue;
}

/** What the customer says next changes what was known; saying nothing of the matter leaves it as it was. */
function nextIssue(before: Issue, { issue, sentiment }: Tags, claimed: boolean): Issue {
  if (claimed && sentiment.label === 'negative' && issue.state !== 'resolved') {
    return withReason(withReasons(issue, before), 'negative-after-solved');
  }
  if (issue.state === 'none') return before;
  if (issue.state === 'raised' && before.state === 'resolved') return claimed ? withReason(issue, 'reopened') : issue;
  if (issue.state === 'raised' && before.state === 'unresolved') return before;
  return issue.state === 'unresolved' ? withReasons(issue, before) : issue;
}

function withReasons(issue: Issue, before: Issue): Issue {
  const reasons = before.state === 'unresolved' ? [...new Set([...before.reasons, ...issue.reasons])] : issue.reasons;
  return { ...issue, reasons };
}

function withReason(issue: Issue, reason: string): Issue {
  const reasons = [...new Set([...issue.reasons, reason])];
  return { state: 'unresolved', reasons, confidence: Math.max(issue.confidence, 0.75) };
}

/** The customer writes again, a day or more later, and nobody answered in between. */
function isRepeat(since: string | undefined, { occurredAt }: Statement): boolean {
  if (since === undefined || occurredAt === undefined) return false;
  return Date.parse(occurredAt) - Date.parse(since) >= repeatAfterMs;
}

function threadSentiment(statements: readonly Statement[], tagOne: TagOne): Sentiment {
  let weights = 0;
  let score = 0;
  let confidence = 0;
  let weight = 1;
  for (const statement of statements) {
    if (!isCustomer(statement)) continue;
    const { sentiment } = tagOne(statement);
    score += weight * sentiment.score;
    confidence += weight * sentiment.confidence;
    weights += weight;
    weight *= laterWeighs;
  }
  if (weights === 0) return { label: 'neutral', score: 0, confidence: 0.34 };
  return withLabel(score / weights, confidence / weights);
}

const neutralWithin = 0.2;

function withLabel(score: number, confidence: number): Sentiment {
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  const label = score < -neutralWithin ? 'negative' : score > neutralWithin ? 'positive' : 'neutral';
  return { label, score: round(score), confidence: round(confidence) };
}
