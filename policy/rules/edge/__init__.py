"""Rules of the edge: TLS, certificates, headers, health and the web firewall."""
