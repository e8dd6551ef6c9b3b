// Starts the vendor's emulator with so many users and API keys, says where it listens, and stays until it is killed.
import { createEmulator } from 'workos/emulate';

const [users, keys] = process.argv.slice(2).map(Number);
const emulator = await createEmulator({
  port: 0,
  seed: {
    apiKeys: Object.fromEntries(Array.from({ length: keys }, (_, i) => [`sk_test_${i}`, { environment: 'test' }])),
    users: Array.from({ length: users }, (_, i) => ({ email: `copy-${i}@example.com`, first_name: 'Ada' })),
  },
});
console.log(emulator.url);
