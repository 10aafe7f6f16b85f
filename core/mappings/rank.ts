import type { WordRef } from './meanings.ts'
import type { Learnt, Suggestion } from './vocabulary.ts'

export type NamedWord = WordRef & { name: string; path: string }
/** What the same word means on another connection, and whether that is one of the same connector. */
export type LearntMeaning = Learnt & { target: string; isSameConnector: boolean }
/** The meanings of one word, best first. */
export type Rank = (word: NamedWord, learnt: readonly LearntMeaning[]) => Suggestion[]
/** How a page of words is ranked; a kind whose candidates are too many to hold looks them up by the page. */
export type VocabularyOf = (page: readonly NamedWord[]) => Promise<Rank>

/** As many suggestions are kept for a word. */
export const suggestionLimit = 5
