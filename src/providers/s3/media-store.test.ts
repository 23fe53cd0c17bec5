import { mediaStoreContract } from '../../../test/support/contracts/media-store';
import type { Bucket } from '../../../test/support/vendors/s3/bucket';
import { startS3 } from '../../../test/support/vendors/s3/stand-in';
import { settingsOf } from '../../../test/support/vendors/s3/trial';
import type { StandIn } from '../../../test/support/vendors/stand-in';
import { S3MediaStore } from './media-store';

let s3: StandIn;
let bucket: Bucket;
beforeEach(async () => ({ s3, bucket } = await startS3()));
afterEach(async () => {
  const { violations } = s3;
  await s3.close();
  expect(violations).toEqual([]);
});

mediaStoreContract('S3', async () => ({
  store: new S3MediaStore(settingsOf(s3.url)),
  everythingKept: async () => bucket.everythingKept(),
}));
