package org.fazaa.dispatcher.roster;

/** A part of the earth that people are asked in. */
@FunctionalInterface
public interface Region {
  Region EVERYWHERE = (lon, lat) -> true;

  boolean contains(double lon, double lat);
}
