package org.fazaa.config;

/** One thing that can be set, by environment or file; the README's table is made from these. */
public enum Setting {
  FAZAA_HTTP_HOST("127.0.0.1", "address the pages and the API listen on"),
  FAZAA_HTTP_PORT("8080", "their port; 0 takes a free one"),
  FAZAA_PUBLIC_URL("", "how people and the carrier reach this program; empty: its own address"),
  FAZAA_PROXIES("", "addresses of proxies before it whose X-Forwarded-For tells who comes"),
  FAZAA_DATA("data", "folder of the embedded database and of files"),
  DATABASE_URL("", "outside PostgreSQL, version 15 or newer, as the application role", true),
  DATABASE_OWNER_URL("", "the same database as the role that owns the tables", true),
  TWILIO_ACCOUNT_SID("", "turns the Twilio carrier on; without it texts stay in the simulator"),
  TWILIO_API_KEY("", "API key that sends"),
  TWILIO_API_SECRET("", "its secret", true),
  TWILIO_AUTH_TOKEN("", "checks the signature of incoming webhooks", true),
  TWILIO_AUTH_TOKEN_SECONDARY("", "second token, accepted while tokens are rotated", true),
  TWILIO_FROM("", "sender: a number in E.164 or a registered name"),
  TWILIO_MESSAGING_SERVICE_SID("", "sender: a messaging service, instead of TWILIO_FROM"),
  TWILIO_SENDERS(
      "", "senders of single countries: SA=Fazaa:10:35 (sender, segments a second, cost of one)"),
  TWILIO_WHATSAPP_FROM(
      "", "WhatsApp sender: a number, or +14155238886:80:20 (messages a second, cost of one)"),
  TWILIO_WHATSAPP_TEMPLATES(
      "", "approved templates by text and language: offer/ar=HX…,offer/en=HX…"),
  TWILIO_VOICE_FROM("", "number that calls: as TWILIO_WHATSAPP_FROM, with calls a second"),
  TWILIO_RATE("40", "segments a second that the sender may be given; 0: no limit"),
  TWILIO_CONNECTIONS("64", "texts handed over at the same time"),
  TWILIO_BASE_URL("https://api.twilio.com", "where the carrier's API is"),
  FAZAA_PAYMENTS_URL("", "where the card provider's API is; without it no real card is taken"),
  FAZAA_PAYMENTS_MANNER("stripe", "how it speaks: stripe or moyasar"),
  FAZAA_PAYMENTS_KEY("", "secret key of its API", true),
  FAZAA_PAYMENTS_WEBHOOK_SECRET("", "signs its events, or comes with them", true),
  FAZAA_MEDIA_MAX("16000000", "largest photo or voice note that is kept, in bytes"),
  FAZAA_SEGMENT_COST("40", "what one segment costs, in the smallest unit (halalas)"),
  FAZAA_CRISIS_CAP("5000000", "most that the texts of a crisis may cost until somebody raises it"),
  FAZAA_CODES_CAP("20000", "most that codes to prove a phone may cost in a day"),
  FAZAA_SIMULATED_SPEED("30", "how many times faster simulated people answer; 0: only by hand"),
  FAZAA_COUNTRY("SA", "country of phone numbers written without a country code"),
  FAZAA_SECRET("", "signs answer links; empty: made once and kept in the database", true),
  FAZAA_PERSON_KEY("", "makes tokens of people; empty: made once and kept in the database", true),
  FAZAA_ADMIN_TOKEN("", "first admin token of the API", true),
  FAZAA_ROLES("web,dispatch,send,fund", "what this node does"),
  FAZAA_CLUSTER_PEERS("", "other nodes as host:port, separated by commas; empty: alone"),
  FAZAA_CLUSTER_HOST("127.0.0.1", "address on which this node meets the others"),
  FAZAA_CLUSTER_PORT("5701", "its port"),
  FAZAA_CLUSTER_NAME("fazaa", "only nodes of the same name join");

  private final String fallback;
  private final String meaning;
  private final boolean secret;

  Setting(String fallback, String meaning) {
    this(fallback, meaning, false);
  }

  Setting(String fallback, String meaning, boolean secret) {
    this.fallback = fallback;
    this.meaning = meaning;
    this.secret = secret;
  }

  public String fallback() {
    return fallback;
  }

  public String meaning() {
    return meaning;
  }

  public boolean secret() {
    return secret;
  }
}
