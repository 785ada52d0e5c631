package org.fazaa.fund.ledger;

import java.util.List;

/** An outcome that changed nothing, and says what, where and how to mend. */
public interface Refusal {
  Words words();

  /** The input itself is wrong; the flaws say where. */
  interface Invalid extends Refusal {
    List<Flaw> flaws();

    @Override
    default Words words() {
      return new Words(
          "في الطلب ما يجب تصحيحه: راجع الحقول المذكورة",
          "Something must be corrected: see the fields named");
    }
  }
}
