package dev.gatehouse.organizations;

import java.util.Set;

/** Domains at which anybody gets a mailbox: nobody's own (ATTACKS T05), and no sign that two people work together. */
final class Mailboxes {
    private static final Set<String> CONSUMER =
            Set.of(("10minutemail.com 126.com 163.com alice.it aol.com arcor.de att.net bellsouth.net bk.ru"
                            + " bluewin.ch bol.com.br btinternet.com charter.net comcast.net cox.net daum.net duck.com"
                            + " email.com fastmail.com fastmail.fm foxmail.com free.fr freenet.de gmail.com gmx.at"
                            + " gmx.ch gmx.com gmx.de gmx.net googlemail.com guerrillamail.com hanmail.net hey.com"
                            + " hotmail.co.uk hotmail.com hotmail.fr icloud.com inbox.ru interia.pl kpnmail.nl"
                            + " laposte.net libero.it list.ru live.com mac.com mail.com mail.ru mailbox.org"
                            + " mailinator.com me.com msn.com naver.com o2.pl onet.pl orange.fr outlook.com passport.com"
                            + " pm.me posteo.de proton.me protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com"
                            + " sbcglobal.net seznam.cz sfr.fr sina.com sky.com skynet.be sohu.com t-online.de"
                            + " telenet.be temp-mail.org terra.com.br tiscali.it tuta.com tuta.io tutanota.com"
                            + " uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl ya.ru"
                            + " yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it"
                            + " yandex.com yandex.ru ymail.com yopmail.com ziggo.nl zoho.com zohomail.com")
                    .split(" "));

    private Mailboxes() {}

    /** Whether anybody may get a mailbox at this domain, in lower case. */
    static boolean offeredToAnybody(String domain) {
        return CONSUMER.contains(domain);
    }
}
