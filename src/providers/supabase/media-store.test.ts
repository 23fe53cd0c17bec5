import { mediaStoreContract } from '../../../test/support/contracts/media-store';
import type { StandIn } from '../../../test/support/vendors/stand-in';
import { BUCKET, KEY, startSupabase } from '../../../test/support/vendors/supabase/stand-in';
import { SupabaseMediaStore } from './media-store';

let supabase: StandIn;
let objects: Map<string, unknown>;
beforeEach(async () => ({ supabase, objects } = await startSupabase()));
afterEach(async () => {
  await supabase.close();
  expect(supabase.violations).toEqual([]);
});

const settings = () => ({ url: supabase.url, serviceRoleKey: KEY, bucket: BUCKET });

mediaStoreContract('Supabase Storage', async () => ({
  store: new SupabaseMediaStore(settings()),
  everythingKept: async () => [...objects.keys()],
}));
