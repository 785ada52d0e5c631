package org.fazaa.fund.spending;

public record PayeeId(long value) {}
