import { extractorContract } from '../../../../test/support/contracts/extractor';
import { LocalExtractor } from '.';

extractorContract('local', async () => new LocalExtractor());
