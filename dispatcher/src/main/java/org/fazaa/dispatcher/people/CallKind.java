package org.fazaa.dispatcher.people;

/** The kinds of call that people answer differently, and are remembered apart. */
public enum CallKind {
  LIFE,
  URGENT,
  PLANNED
}
