import { extractorContract } from '../../../test/support/contracts/extractor';
import { startGemini, type Gemini } from '../../../test/support/vendors/gemini';
import { extractorOn } from '../../../test/support/vendors/gemini/meeting';

let gemini: Gemini;
beforeAll(async () => {
  gemini = await startGemini();
  gemini.think(({ lines }) => ({
    actionItems: lines
      .filter(({ words }) => words.includes('I will'))
      .map(({ number, speaker, words }) => ({
        name: 'Send the budget',
        owner: speaker,
        deadline: 'by Friday',
        evidence: [{ line: number, quote: words }],
      })),
  }));
});
afterAll(() => gemini.standIn.close());

extractorContract('gemini', async () => extractorOn(gemini));
