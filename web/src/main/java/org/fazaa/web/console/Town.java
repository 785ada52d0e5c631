package org.fazaa.web.console;

/** A town that can be picked instead of typing a point. */
record Town(String id, String name, double lon, double lat) {}
