/** Settings by which a gateway of a test takes any free port for each of its doors to this machine. */
export const FREE_PORTS = ['imap.port=0', 'imap.tls_port=0', 'smtp.port=0', 'smtp.tls_port=0', 'web.port=0'];
