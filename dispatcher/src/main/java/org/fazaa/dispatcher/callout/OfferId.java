package org.fazaa.dispatcher.callout;

/** The number of an offer. */
public record OfferId(long value) {

  /** As texts cite it. */
  public String about() {
    return Long.toString(value);
  }

  public static OfferId of(String about) {
    return new OfferId(Long.parseLong(about));
  }
}
