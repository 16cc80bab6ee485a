package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import phoneopus.run.FaultCode;
import phoneopus.run.Outcome;

class PorcelainTests {

    private static final String JOB = Samples.JOB.toString();
    private static final String SESSION = Samples.SESSION.toString();

    @Test
    void theHeadLineSaysWhatItCostAndHowToGoOn() {
        var answer = Samples.answer("Rename it.");

        var head =
                Porcelain.head(
                        Samples.request(), Samples.ended(new Outcome.Answered(answer)), answer);

        assertThat(head)
                .isEqualTo(
                        "consult ok model=claude-opus-4-1 turns=3 duration=61.2s cost=$0.2500 denied=2 session="
                                + SESSION
                                + " job="
                                + JOB);
    }

    @Test
    void whatClaudeDidNotSayIsADash() {
        var answer = Samples.bareAnswer("Rename it.");

        var head =
                Porcelain.head(
                        Samples.request(),
                        Samples.endedWithoutCost(new Outcome.Answered(answer)),
                        answer);

        assertThat(head)
                .isEqualTo(
                        "consult ok model=- turns=- duration=- cost=- denied=0 session="
                                + SESSION
                                + " job="
                                + JOB);
    }

    @Test
    void figuresLookTheSameWhateverTheMachineSpeaks() {
        var answer = Samples.answer("Rename it.");
        var before = Locale.getDefault();

        Locale.setDefault(Locale.GERMANY);
        String head;
        try {
            head =
                    Porcelain.head(
                            Samples.request(), Samples.ended(new Outcome.Answered(answer)), answer);
        } finally {
            Locale.setDefault(before);
        }

        assertThat(head).contains("duration=61.2s cost=$0.2500");
    }

    @Test
    void theResponseComesAfterTheHeadUnaltered() {
        var response = "  # Findings\r\n\n| a | b |\n\u001b[1mbold\n\n";

        var text = answer(Excerpt.of(response, 0, 100));

        assertThat(text).startsWith("consult ok ");
        assertThat(text.substring(text.indexOf('\n') + 1))
                .isEqualTo("denied: Bash\ndenied: Edit\nresponse:\n" + response);
    }

    @Test
    void aCutResponseSaysSoInALastLine() {
        var text = answer(Excerpt.of("x".repeat(150), 0, 100));

        assertThat(text)
                .endsWith(
                        "xxx\n[cut at 100 of 150; next: consult_job {\"job_id\":\""
                                + JOB
                                + "\",\"offset\":100}]");
    }

    @Test
    void aResponseCutAtALineEndHasNoEmptyLineBeforeTheMark() {
        var text = answer(Excerpt.of("x".repeat(94) + "\n" + "y".repeat(50), 0, 100));

        assertThat(text)
                .endsWith(
                        "xxx\n[cut at 95 of 145; next: consult_job {\"job_id\":\""
                                + JOB
                                + "\",\"offset\":95}]");
    }

    @Test
    void aFaultWithoutAConsultIsOneSentence() {
        var fault = new Fault(FaultCode.QUEUE_FULL, "All wait.", "Later.", null);

        var text = Porcelain.fault(fault);

        assertThat(text).isEqualTo("All wait. Later.");
    }

    @Test
    void aFaultOfAConsultNamesTheSessionAndTheJobFirst() {
        var fault =
                new Fault(
                        FaultCode.STALLED,
                        "No sign of life.",
                        "Go on.",
                        true,
                        new Fault.Failed(Samples.JOB, Samples.SESSION, null));

        var text = Porcelain.fault(fault);

        assertThat(text)
                .isEqualTo(
                        "failed code=timeout/stalled retryable=true session="
                                + SESSION
                                + " job="
                                + JOB
                                + "\nNo sign of life. Go on.");
    }

    @Test
    void aJoinedConsultSaysSoInItsHeadLine() {
        var text = answer(Excerpt.of("Yes.", 0, 100), true);

        assertThat(text).contains(" job=" + JOB + " joined\n").endsWith("\nYes.");
    }

    private static String answer(Excerpt excerpt) {
        return answer(excerpt, false);
    }

    private static String answer(Excerpt excerpt, boolean joined) {
        var answer = Samples.answer("not shown");
        return Porcelain.answer(
                Samples.request(),
                Samples.ended(new Outcome.Answered(answer)),
                answer,
                excerpt,
                joined,
                false);
    }
}
