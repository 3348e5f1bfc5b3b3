"""What is kept of a request that the web firewall refused or counted.

Three places may hold parts of requests: the log, WAF's samples and, where the account has it, Security Lake. Secrets
are replaced in the web ACL itself, which covers them all; the log redacts them once more. Samples are off: they would
be a second copy of what the log has. A body is in none of them.
Source: AWS WAFV2 API Reference, DataProtectionConfig; LoggingConfiguration; VisibilityConfig.
"""

from __future__ import annotations

from typing import Final

import pulumi_aws as aws

NAME_PREFIX: Final = "aws-waf-logs-"
"""WAF writes to no log group whose name begins otherwise. Source: AWS WAFV2 API Reference, LoggingConfiguration."""

SECRET_HEADERS: Final = ("authorization", "cookie", "referer")
"""Headers with credentials, and the one in which a page tells its own address, query included. The query string
itself is as secret: tickets of WebSockets, codes and states of logins travel in it."""

KEPT_ACTIONS: Final = ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
"""What is logged. `EXCLUDED_AS_COUNT` is a rule of a managed group that is overridden to count. Requests that no rule
noticed are in the load balancer's access log. Source: AWS WAFV2 API Reference, ActionCondition."""


def protected_fields() -> aws.wafv2.WebAclDataProtectionConfigArgs:
    """The parts of a request that the web ACL hands to nobody, matched details included."""
    field = aws.wafv2.WebAclDataProtectionConfigDataProtectionFieldArgs
    return aws.wafv2.WebAclDataProtectionConfigArgs(
        data_protections=[
            aws.wafv2.WebAclDataProtectionConfigDataProtectionArgs(action="SUBSTITUTION", field=each)
            for each in (
                field(field_type="SINGLE_HEADER", field_keys=list(SECRET_HEADERS)),
                field(field_type="QUERY_STRING"),
            )
        ]
    )


def redacted_fields() -> list[aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs]:
    """The parts of a request that the log leaves out."""
    field = aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgs
    header = aws.wafv2.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs
    return [
        *(field(single_header=header(name=name)) for name in SECRET_HEADERS),
        field(query_string=aws.wafv2.WebAclLoggingConfigurationRedactedFieldQueryStringArgs()),
    ]


def logging_filter() -> aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs:
    """Keep what a rule refused or counted; drop the rest."""
    condition = aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs
    action = aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs
    return aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs(
        default_behavior="DROP",
        filters=[
            aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterArgs(
                behavior="KEEP",
                requirement="MEETS_ANY",
                conditions=[condition(action_condition=action(action=kept)) for kept in KEPT_ACTIONS],
            )
        ],
    )
