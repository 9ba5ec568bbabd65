import { type LookupAddress, lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ANSWER_MS, type SendWebhook } from '@stockfold/http';
import ipaddr from 'ipaddr.js';

/**
 * Sends a message over a connection to the address that was looked at: a name on the allow-list that resolves to a
 * private address, now or later, is not followed there. An address in numbers is on the list because somebody put it
 * there.
 */
export const sendWebhook: SendWebhook = sendWithin(ANSWER_MS);

/** @param totalMs - After so long the connection is closed: an answer without an end would hold one for every message. */
export function sendWithin(totalMs: number): SendWebhook {
  return ({ destination, headers, body, ...asked }) =>
    new Promise((resolve, reject) => {
      const request = destination.startsWith('https:') ? requestHttps : requestHttp;
      const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(totalMs)]);
      const sent = request(destination, { method: 'POST', headers, signal, lookup: lookupPublic }, response => {
        // What it says beyond its status is of no use.
        response.on('error', () => undefined).resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

/** Resolves a name, unless any of its addresses is one of this machine, of its network, or of none. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: readonly LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const [first] = addresses;
    if (first === undefined || !addresses.every(({ address }) => isPublic(address)))
      return callback(new Error('the destination is not on the public network'), '');
    return options.all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family);
  });
};

/** Whether an address belongs to the public network; an IPv4 address that is written as IPv6 counts as what it is. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
