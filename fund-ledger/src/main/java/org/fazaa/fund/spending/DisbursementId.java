package org.fazaa.fund.spending;

public record DisbursementId(long value) {}
