"""The public certificate of the load balancer, proved by records in a public zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws
from pulumi_aws.acm.outputs import CertificateDomainValidationOption

_TTL_SECONDS: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateArgs:
    """What a :class:`Certificate` needs from its caller."""

    domains: tuple[str, ...]
    """The names it is valid for; the first one is its subject."""
    zone_id: str | None
    """The public Route 53 zone that answers for all of them, where ACM looks, whoever can reach the names.

    None where a certificate of another region for the same names has put the records there already. Source: AWS
    Certificate Manager User Guide, DNS validation: its token works for any region.
    """


class Certificate(pulumi.ComponentResource):
    """An ACM certificate. Its records stay, so that ACM renews it without anybody's help."""

    TYPE: Final = "tmi:edge:Certificate"

    validated_arn: pulumi.Output[str]

    def __init__(self, name: str, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name=args.domains[0],
            subject_alternative_names=list(args.domains[1:]),
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            opts=child,
        )
        if args.zone_id is None:
            names = [option_for(domain, certificate).apply(record_name) for domain in args.domains]
        else:
            names = [self._record(name, domain, args.zone_id, certificate).fqdn for domain in args.domains]
        validation = aws.acm.CertificateValidation(
            f"{name}-validation",
            certificate_arn=certificate.arn,
            validation_record_fqdns=names,
            opts=child,
        )

        # From the validation: whatever uses the certificate waits until ACM has issued it.
        self.validated_arn = validation.certificate_arn
        self.register_outputs({"validated_arn": self.validated_arn})

    def _record(self, name: str, domain: str, zone_id: str, certificate: aws.acm.Certificate) -> aws.route53.Record:
        """The record that proves one domain: ACM names it once the certificate is there, in no promised order."""
        option = option_for(domain, certificate)
        return aws.route53.Record(
            f"{name}-{domain}",
            zone_id=zone_id,
            name=option.apply(lambda known: known.resource_record_name or ""),
            type=option.apply(lambda known: known.resource_record_type or ""),
            records=[option.apply(lambda known: known.resource_record_value or "")],
            ttl=_TTL_SECONDS,
            opts=pulumi.ResourceOptions(parent=self),
        )


def option_for(domain: str, certificate: aws.acm.Certificate) -> pulumi.Output[CertificateDomainValidationOption]:
    """What proves `domain`, once ACM says so."""
    return certificate.domain_validation_options.apply(lambda options: option_of(domain, options))


def record_name(option: CertificateDomainValidationOption) -> str:
    """The name of a record, as Route 53 gives it: without the dot at its end."""
    return (option.resource_record_name or "").rstrip(".")


def option_of(domain: str, options: Sequence[CertificateDomainValidationOption]) -> CertificateDomainValidationOption:
    """What proves `domain`.

    Raises:
        LookupError: ACM offered nothing for it.
    """
    for option in options:
        if option.domain_name == domain:
            return option
    raise LookupError(f"ACM offered no validation record for {domain}")
