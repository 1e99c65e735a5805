/** Goal: Chinese text is found by any two neighbouring characters of it, however it is written. */
import { describe, expect, test } from 'vitest';
import { pairsOf, searchedText, searchTerms } from '../../workflows/machine/supervision/search.ts';

describe('a searched text', () => {
  test('knows one width, one case and no spaces', () => {
    expect(searchedText(['PSDB-2026-0001', 'ＡＢ c', '改进 选课'])).toBe('psdb-2026-0001\nabc\n改进选课');
  });

  test('leaves out what is empty', () => {
    expect(searchedText(['甲', null, ' ', '乙'])).toBe('甲\n乙');
  });

  test('is found by the pairs of its characters, none of them across fields', () => {
    expect(pairsOf('选课改\n教务')).toEqual(['教务', '课改', '选课'].sort());
  });

  test('takes a character beyond the basic plane as one', () => {
    expect(pairsOf('𠮷林')).toEqual(['𠮷林']);
  });

  test('has each pair once', () => {
    expect(pairsOf('人人人')).toEqual(['人人']);
  });
});

describe('a question', () => {
  test('asks for every word, in the shape of the text', () => {
    expect(searchTerms('  选课 ＩＴ ')).toEqual({ words: ['选课', 'it'], pairs: ['it', '选课'] });
  });

  test('of one character has no pair, and one of spaces asks for nothing', () => {
    expect(searchTerms('课')).toEqual({ words: ['课'], pairs: [] });
    expect(searchTerms(' \t')).toEqual({ words: [], pairs: [] });
  });
});
