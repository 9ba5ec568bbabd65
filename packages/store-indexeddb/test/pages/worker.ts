import '../../src/worker.ts';

// What a worker was forbidden, for the page of a test to hear of; and what is to be forbidden it.
const channel = new BroadcastChannel('violations');
addEventListener('securitypolicyviolation', event => {
  const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
  channel.postMessage(`${effectiveDirective}: ${blockedURI}`);
});
addEventListener('message', ({ data }) => {
  if (data === 'break') new Function('return 1')();
});
