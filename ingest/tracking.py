"""Query parameters that name the visit, the campaign or the reader, never the page: data for `urls.py`.

Collected from the vendors' own documentation; the general lists that browsers use (Brave, Firefox, ClearURLs) agree on
all but the news sites' own. A parameter that some site may need to find a page (`id`, `ref`, `source`) is not here.
"""

from typing import Final

PREFIXES: Final = (
    "utm_",  # Google Analytics, and everyone after it
    "mtm_",  # Matomo
    "pk_",  # Piwik, as Matomo was called
    "piwik_",
    "matomo_",
    "hsa_",  # HubSpot ads
    "_hs",  # HubSpot: _hsenc, _hsmi
    "__hs",  # HubSpot: __hssc, __hstc, __hsfp
    "fb_",  # Facebook: fb_action_ids, fb_source, fb_ref
    "ns_",  # Comscore: ns_mchannel, ns_source, ns_campaign
    "at_",  # AT Internet, Piano: at_medium, at_campaign
    "amp_",  # what an AMP cache adds: amp_js_v, amp_gsa
    "vero_",
    "oly_",  # Omeda: oly_anon_id, oly_enc_id
    "ml_subscriber",  # MailerLite
    "aspsessionid",  # sessions of ASP: a random word follows
)
NAMES: Final = frozenset(
    {
        "fbclid",  # Facebook
        "igshid",  # Instagram
        "igsh",
        "gclid",  # Google Ads
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "gad_source",
        "srsltid",  # Google Merchant Center
        "_ga",
        "_gl",
        "msclkid",  # Microsoft
        "ocid",  # MSN, BBC
        "cvid",
        "yclid",  # Yandex
        "ysclid",
        "_openstat",
        "twclid",  # X
        "ref_src",
        "ref_url",
        "__twitter_impression",
        "ttclid",  # TikTok
        "li_fat_id",  # LinkedIn
        "epik",  # Pinterest
        "rdt_cid",  # Reddit
        "mc_cid",  # Mailchimp
        "mc_eid",
        "mkt_tok",  # Marketo
        "hsctatracking",
        "wickedid",
        "rb_clickid",
        "s_cid",  # Adobe Analytics
        "s_kwcid",
        "ef_id",
        "irclickid",  # Impact
        "cmpid",
        "xtor",  # AT Internet
        "echobox",
        "smid",  # New York Times' share links
        "smtyp",
        "phpsessid",  # sessions
        "jsessionid",
        "sessionid",
        "aspxautodetectcookiesupport",
        "phpsessionid",
        "cfid",
        "cftoken",
        "oscsid",  # osCommerce
        "zenid",  # Zen Cart
    }
)
"""In lower case; names are compared without regard to it."""
SESSIONS: Final = frozenset({"sid", "s", "session", "session_id", "sess"})
"""Sessions too, if their value is a token: a section or a search may have such a name."""
