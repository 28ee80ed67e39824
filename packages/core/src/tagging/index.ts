// The tagger: pure functions from a statement to what it says. Linear in the text, the same everywhere, never throws.
import type { Tags } from '@gapwatch/contracts';
import { effortOf, issueOf } from './issue.ts';
import { languageOf } from './language.ts';
import { findPhrases } from './phrases.ts';
import { createTokens, scan } from './scan.ts';
import { sentimentOf } from './sentiment.ts';
import type { Statement } from './statement.ts';
import { readThread } from './thread.ts';

export { redact } from './redact.ts';
export { stageOf } from './stage.ts';
export type { Statement } from './statement.ts';

/** Raised with every change that tags a text otherwise: a rebuild then tags the past again. */
export const taggerRevision = 0;

const tokens = createTokens();

/** Language, sentiment, issue and effort of one statement. */
export function tag(statement: Statement): Tags {
  const text = statement.text ?? '';
  scan(text, tokens);
  const found = findPhrases(tokens);
  const sentiment = sentimentOf(tokens, statement);
  return {
    language: statement.language ?? languageOf(text),
    sentiment,
    issue: issueOf(found, sentiment, statement),
    effort: effortOf(found),
  };
}

/** Issue and sentiment of the statements of one conversation, read together. */
export function tagThread(statements: readonly Statement[]): Pick<Tags, 'issue' | 'sentiment'> {
  return readThread(statements, tag);
}
