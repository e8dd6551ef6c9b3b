package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.identity.Devices;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Pages that sign in a device: type its code, compare, decide. A link that brings the code fills it in and decides
 * nothing, since whoever sent the link may be an attacker (ATTACKS A17).
 */
final class DevicePages {
    private final Frame frame;

    DevicePages(Frame frame) {
        this.frame = frame;
    }

    Answer get(Request request) {
        SignedIn who = frame.state().who(request);
        String code = request.query().one("user_code").orElse("");
        if (who == null) {
            String here = frame.page(request, "device")
                    + (code.isEmpty() ? "" : "?user_code=" + URLEncoder.encode(code, StandardCharsets.UTF_8));
            return Renderer.quiet(Answer.seeOther(frame.signInFor(request.contextPath(), here)));
        }
        return frame.render(request, 200, "device", view(request, who, code));
    }

    private View view(Request request, SignedIn who, String code) {
        return frame.view(request, who)
                .with(View.Account.of(who, false, frame.state().csrf(who)))
                .leadingTo(code);
    }

    Answer post(Request request, String page, Parameters form) {
        SignedIn who = frame.state().who(request);
        if (who == null
                || !Digest.equal(form.one("csrf").orElse(""), frame.state().csrf(who))) {
            return frame.error(request, "ended");
        }
        String code = form.one("user_code").orElse("");
        Devices devices = frame.identity().devices();
        if (page.equals("/device")) {
            Optional<Devices.Asked> asked = devices.find(frame.env(), who, code, Source.of(request));
            return asked.isEmpty()
                    ? frame.render(
                            request, 422, "device", view(request, who, code).wrong("device_code", ""))
                    : frame.render(
                            request,
                            200,
                            "device-confirm",
                            view(request, who, asked.get().userCode())
                                    .askedBy(
                                            asked.get().userAgent(), asked.get().ipAddress()));
        }
        boolean allow = form.one("decision").orElse("").equals("allow");
        if (!devices.decide(frame.env(), who, code, allow)) {
            return frame.error(request, "device_ended");
        }
        return frame.render(request, 200, allow ? "device-allowed" : "device-denied", frame.view(request));
    }
}
