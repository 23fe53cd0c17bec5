import { presentUser, userShape } from '../present/user';
import { route } from '../route';

export const meRoutes = [
  route({
    method: 'GET',
    path: '/me',
    operationId: 'getMe',
    tag: 'users',
    summary: 'The caller',
    responses: { 200: { description: 'The caller as a user', schema: userShape } },
    handler: async ({ caller }) => ({ status: 200, body: presentUser(caller) }),
  }),
];
