/**
 * Ports above 1023 of services that take lines of text: to some of them a request is a series of commands. They are those
 * that browsers refuse (the Fetch standard's bad ports), Redis and memcached.
 */
const otherServices = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10_080, 11_211,
]);

/**
 * Whether HTTP may be spoken to a port: 80, 443, and those above 1023 that do not belong to something else. Mail, DNS,
 * shells and the like live below.
 * @param port as a URL has it; empty for the scheme's own
 */
export function isHttpPort(port: string | number): boolean {
  const number = Number(port);
  return port === '' || number === 80 || number === 443 || (number > 1_023 && !otherServices.has(number));
}
