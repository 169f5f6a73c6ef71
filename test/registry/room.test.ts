/** How far announced bytes keep others out: as far as they are likely to come. */
import test from 'ava';
import type {RegistryError} from '../../src/oci/errors.ts';
import {Room} from '../../src/registry/room.ts';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
const seconds = 1000;

/** A disk with room for so many bytes, and a clock that stands until it is set. */
function roomOf(free: number) {
  const state = {free, now: 0};
  const space = async () => Promise.resolve({total: free, available: state.free});
  const room = new Room(space, {bytes: 0}, () => state.now);
  const claim = async (bytes: number) => {
    const taken = await room.claim(bytes);
    const bring = (count: number): void => {
      state.free -= count;
      taken.take(count);
    };
    const end = (): void => {
      taken[Symbol.dispose]();
    };
    return {bring, end};
  };
  return {
    claim,
    fits: async (bytes: number): Promise<boolean> => {
      try {
        await room.require(bytes);
        return true;
      } catch (error) {
        if ((error as Partial<RegistryError>).status === 507) return false;
        throw error;
      }
    },
    pass: (milliseconds: number) => {
      state.now += milliseconds;
    },
  };
}

test('an announcement of all the room, of which nothing comes, leaves others half of it', async (t) => {
  const {claim, fits} = roomOf(GiB);
  await claim(GiB);
  t.true(await fits(MiB));
  t.true(await fits(GiB / 2));
  t.false(await fits(GiB / 2 + 1));
});

test('announcements of which nothing comes leave others half of the room, however many they are', async (t) => {
  const {claim, fits} = roomOf(GiB);
  for (let count = 0; count < 1000; count += 1) await claim(GiB / 2);
  t.true(await fits(GiB / 2));
  t.false(await fits(GiB / 2 + 1));
});

test('an announcement of which nothing comes for a minute keeps nobody out any more', async (t) => {
  const {claim, fits, pass} = roomOf(GiB);
  await claim(GiB);
  pass(59 * seconds);
  t.false(await fits(GiB));
  pass(2 * seconds);
  t.true(await fits(GiB));
});

test('bytes that come one a second keep nobody out after the first minute, and those that come fast again do', async (t) => {
  const {claim, fits, pass} = roomOf(GiB);
  const {bring} = await claim(GiB - MiB);
  for (let second = 0; second < 70; second += 1) {
    bring(1);
    pass(seconds);
  }
  t.true(await fits(GiB - MiB));
  bring(GiB / 8);
  t.false(await fits(2 * MiB));
});

test('what comes at its pace is counted to its last byte: the second of two that fit only alone is refused', async (t) => {
  const {claim, fits, pass} = roomOf(GiB);
  const {bring, end} = await claim(GiB - 2 * MiB);
  bring(GiB / 8);
  for (let minute = 0; minute < 30; minute += 1) {
    pass(60 * seconds);
    bring(16 * MiB);
    t.true(await fits(2 * MiB));
    t.false(await fits(2 * MiB + 1));
  }
  end();
  t.true(await fits(300 * MiB));
});

test('what has been given back counts no more, and can be given back twice', async (t) => {
  const {claim, fits} = roomOf(GiB);
  const [first, second] = [await claim(GiB / 4), await claim(GiB / 8)];
  first.end();
  first.end();
  t.true(await fits(GiB - GiB / 8));
  t.false(await fits(GiB - GiB / 8 + 1));
  second.end();
  t.true(await fits(GiB));
});

test('more bytes than were announced count for nothing that is still to come', async (t) => {
  const {claim, fits} = roomOf(GiB);
  const {bring} = await claim(MiB);
  bring(2 * MiB);
  t.true(await fits(GiB - 2 * MiB));
  t.false(await fits(GiB - 2 * MiB + 1));
});

test('what does not fit is told, and not how much would', async (t) => {
  const space = async () => Promise.resolve({total: GiB, available: 123_456_789});
  const error = await t.throwsAsync<RegistryError>(new Room(space, {bytes: 0}).require(GiB));
  t.is(error.status, 507);
  t.false(JSON.stringify(error.errors).includes('123'));
});
