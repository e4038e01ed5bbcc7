<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
<context>
    <name>AcknowledgeField</name>
    <message>
        <source>我已阅读并知晓</source>
        <translation>I have read and understood this</translation>
    </message>
</context>
<context>
    <name>AddressField</name>
    <message>
        <source>打开网址</source>
        <translation>Open the address</translation>
    </message>
    <message>
        <source>如 https://example.org</source>
        <translation>e.g. https://example.org</translation>
    </message>
</context>
<context>
    <name>AnnotateField</name>
    <message>
        <source>在图上标注</source>
        <translation>Draw on the picture</translation>
    </message>
    <message>
        <source>标注好了</source>
        <translation>Done drawing</translation>
    </message>
    <message>
        <source>撤销一笔</source>
        <translation>Undo a stroke</translation>
    </message>
    <message>
        <source>在图上画出标记</source>
        <translation>Draw marks on the picture</translation>
    </message>
</context>
<context>
    <name>AnswerRow</name>
    <message>
        <source>显示完整内容</source>
        <translation>Show in full</translation>
    </message>
    <message>
        <source>查看图片</source>
        <translation>Show picture</translation>
    </message>
    <message>
        <source>遮住</source>
        <translation>Cover</translation>
    </message>
    <message>
        <source>查看原因</source>
        <translation>Reason for looking</translation>
    </message>
    <message>
        <source>补充说明（不写姓名和号码）</source>
        <translation>A few words (no names, no numbers)</translation>
    </message>
    <message>
        <source>补充说明</source>
        <translation>A few words</translation>
    </message>
    <message>
        <source>显示并记录</source>
        <translation>Show and record</translation>
    </message>
</context>
<context>
    <name>AskBar</name>
    <message>
        <source>请填纬度和经度两个数，例如 33.97, 113.21。</source>
        <translation>Give latitude and longitude, e.g. 33.97, 113.21.</translation>
    </message>
    <message>
        <source>录音 (*.mp3 *.m4a *.wav *.ogg *.amr *.aac *.flac *.opus)</source>
        <translation>Recordings (*.mp3 *.m4a *.wav *.ogg *.amr *.aac *.flac *.opus)</translation>
    </message>
    <message>
        <source>选一段录音</source>
        <translation>Choose a recording</translation>
    </message>
    <message>
        <source>以前填的答案这次有改动，本表要求写明原因：</source>
        <translation>Answers given earlier were changed; the form asks why:</translation>
    </message>
    <message>
        <source>为什么不提供？只记下所选的原因，不影响封存。</source>
        <translation>Why not? Only the reason chosen is noted; the record can be sealed all the same.</translation>
    </message>
    <message>
        <source>本表请求记录当前位置{what}。这台电脑不能定位，请填经纬度，或不提供。</source>
        <translation>The form asks for the present position{what}. This computer cannot tell it: type it, or do not give it.</translation>
    </message>
    <message>
        <source>本表请求一段录音{what}。信采不会自己录音，请选录好的文件，或不提供。</source>
        <translation>The form asks for a recording{what}. Xincai never records by itself: choose a file, or do not give one.</translation>
    </message>
    <message>
        <source>（{label}）</source>
        <translation> ({label})</translation>
    </message>
    <message>
        <source>本表还要记录位置，这台电脑不能定位，留空。</source>
        <translation>It also asks for positions; this computer cannot tell them, so they stay empty. </translation>
    </message>
    <message>
        <source>填报人：</source>
        <translation>Filled in by:</translation>
    </message>
    <message>
        <source>纬度, 经度</source>
        <translation>latitude, longitude</translation>
    </message>
    <message>
        <source>记下位置</source>
        <translation>Note position</translation>
    </message>
    <message>
        <source>选文件……</source>
        <translation>Choose file…</translation>
    </message>
    <message>
        <source>确定</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>Understood</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>不提供……</source>
        <translation>Do not give…</translation>
    </message>
    <message>
        <source>本表会随件记录填报过程：打开过哪些题、何时打开。</source>
        <translation>The form keeps a log with the record: which questions were opened, and when. </translation>
    </message>
    <message>
        <source>本表会随件记录填报过程：打开过哪些题、何时打开，以及答案改动前后的内容。</source>
        <translation>The form keeps a log with the record: which questions were opened, when, and answers before and after each change. </translation>
    </message>
</context>
<context>
    <name>AssignmentsErrand</name>
    <message>
        <source>已取得平台发布的最新内容。</source>
        <translation>The latest from the platform is here.</translation>
    </message>
</context>
<context>
    <name>AssignmentsPage</name>
    <message>
        <source>采集任务</source>
        <translation>Assignments</translation>
    </message>
    <message>
        <source>从平台更新(&amp;U)</source>
        <translation>&amp;Update from the platform</translation>
    </message>
    <message>
        <source>还没有登记到平台，收不到采集任务。</source>
        <translation>This device is not enrolled at the platform, so no assignments arrive.</translation>
    </message>
    <message>
        <source>去设置(&amp;S)</source>
        <translation>&amp;Settings</translation>
    </message>
    <message>
        <source>村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>主体</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>代码</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>表单</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>平台已有</source>
        <translation>Held already</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>要走访的主体</source>
        <translation>Subjects to visit</translation>
    </message>
    <message>
        <source>还没有采集任务</source>
        <translation>No assignments yet</translation>
    </message>
    <message>
        <source>平台派发的任务会列在这里：走访谁、填哪张表、何时截止。联网后点“从平台更新”。</source>
        <translation>What the platform assigns is listed here: whom to visit, which form to fill in, by which day. When online, press Update from the platform.</translation>
    </message>
    <message>
        <source>正在更新……</source>
        <translation>Updating…</translation>
    </message>
    <message>
        <source>所有村</source>
        <translation>All villages</translation>
    </message>
    <message>
        <source>已封存 %1/%2</source>
        <translation>Sealed %1 of %2</translation>
    </message>
    <message>
        <source>%1 已到期</source>
        <translation>Was due on %1</translation>
    </message>
    <message>
        <source>%1 前完成</source>
        <translation>Due by %1</translation>
    </message>
    <message>
        <source>未开始</source>
        <translation>Not begun</translation>
    </message>
    <message>
        <source>按 Enter 开始填报</source>
        <translation>Press Enter to begin</translation>
    </message>
    <message numerus="yes">
        <source>%n 类信息</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message>
        <source>平台已有的信息不再重复询问</source>
        <translation>What the platform holds is not asked again</translation>
    </message>
    <message>
        <source>任务是 %1 从平台取得的。</source>
        <translation>The platform gave out these assignments at %1. </translation>
    </message>
    <message>
        <source>已超过有效期，可能有新的安排，请联网后更新；现有任务可以继续填报。</source>
        <translation>They are past their day and may have changed: update when online. The visits here can still be filled in.</translation>
    </message>
    <message>
        <source>断网时可以照常填报。</source>
        <translation>They can be filled in without a network.</translation>
    </message>
    <message>
        <source>%1（派给我）</source>
        <translation>%1 (for me)</translation>
    </message>
    <message>
        <source>%1（派给%2）</source>
        <translation>%1 (for %2)</translation>
    </message>
</context>
<context>
    <name>BarcodeField</name>
    <message>
        <source>用扫码枪扫，或直接输入</source>
        <translation>Scan with a scanner, or type</translation>
    </message>
    <message>
        <source>从图片识别</source>
        <translation>Read from a picture</translation>
    </message>
    <message>
        <source>识别粘贴的图片</source>
        <translation>Read a pasted picture</translation>
    </message>
    <message>
        <source>剪贴板里没有图片，请先复制一张。</source>
        <translation>There is no picture on the clipboard; copy one first.</translation>
    </message>
    <message>
        <source>图片 (*.jpg *.jpeg *.png *.bmp *.webp)</source>
        <translation>Pictures (*.jpg *.jpeg *.png *.bmp *.webp)</translation>
    </message>
</context>
<context>
    <name>CalculatedField</name>
    <message>
        <source>由前面的回答自动得出</source>
        <translation>Worked out from the answers above</translation>
    </message>
    <message>
        <source>大写：{amount}</source>
        <translation>In words: {amount}</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>北</source>
        <translation>N</translation>
    </message>
</context>
<context>
    <name>ChooseErrand</name>
    <message>
        <source>表单 (*.xlsx *.xlsm *.md *.csv *.xml *.zip);;所有文件 (*)</source>
        <translation>Forms (*.xlsx *.xlsm *.md *.csv *.xml *.zip);;All files (*)</translation>
    </message>
    <message>
        <source>导入哪张表单（可连同它的附带文件一起选）</source>
        <translation>Which form to bring in (select its files along with it)</translation>
    </message>
    <message>
        <source>已停止导入。</source>
        <translation>Stopped; nothing was brought in.</translation>
    </message>
    <message>
        <source>已导入“%1”，在本页“导入的表单”里。</source>
        <translation>&quot;%1&quot; was brought in; it stands on this page under &quot;Forms brought in&quot;.</translation>
    </message>
    <message>
        <source>已收下“%1”，但本机已有更新的版本 %2，新建填报仍用新版本。</source>
        <translation>&quot;%1&quot; was kept, but the newer version %2 is here already; new fillings go on using that one.</translation>
    </message>
    <message>
        <source>撤下后不能再用这张表单新建填报；已有的草稿可以继续填完，填报件照常查看。</source>
        <translation>No new filling can be begun with this form after that. Drafts can still be finished, and records stay as they are.</translation>
    </message>
    <message>
        <source>撤下(&amp;W)</source>
        <translation>&amp;Withdraw</translation>
    </message>
    <message>
        <source>已换上县 %1 的名单：%2 个乡镇、%3 个村，新建填报就用它。前置机也要导入同一份名单。</source>
        <translation>The list of county %1 is in use: %2 towns and %3 villages. New fillings offer it. The gateway needs the same list.</translation>
    </message>
</context>
<context>
    <name>ChoosePage</name>
    <message>
        <source>选择表单</source>
        <translation>Choose a form</translation>
    </message>
    <message>
        <source>按名称查找表单</source>
        <translation>Find a form by name</translation>
    </message>
    <message>
        <source>适用主体</source>
        <translation>For whom</translation>
    </message>
    <message>
        <source>全部主体</source>
        <translation>All subjects</translation>
    </message>
    <message>
        <source>换一个词，或把适用主体改为“全部主体”。</source>
        <translation>Try another word, or set &quot;All subjects&quot;.</translation>
    </message>
    <message>
        <source>没有找到合适的表单</source>
        <translation>No form fits</translation>
    </message>
    <message numerus="yes">
        <source>约 %n 分钟</source>
        <translation>
            <numerusform>About %n minute</numerusform>
            <numerusform>About %n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>填报</source>
        <translation>Fill in</translation>
    </message>
    <message>
        <source>正在检查和转换“%1”……</source>
        <translation>Checking and converting &quot;%1&quot;…</translation>
    </message>
    <message>
        <source>导入表单(&amp;I)…</source>
        <translation>Br&amp;ing in a form…</translation>
    </message>
    <message>
        <source>松开鼠标，导入表单</source>
        <translation>Let go to bring the form in</translation>
    </message>
    <message>
        <source>导入的表单</source>
        <translation>Forms brought in</translation>
    </message>
    <message>
        <source>别处下发的表单（XLSForm、XForm，或连同附带文件的 ZIP）和本县的乡镇村名单（CSV、Excel）可以直接拖到本页导入。</source>
        <translation>Forms from elsewhere (XLSForm, XForm, or a ZIP with their files) and the county’s list of towns and villages (CSV, Excel) can be dropped on this page.</translation>
    </message>
</context>
<context>
    <name>ConnectStep</name>
    <message>
        <source>联网设置</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>登记后才能把资料投递给平台。没有登记码也不要紧：先填报，以后在“设置”里登记。</source>
        <translation>Enrolment lets you deliver to the platform. No code yet? Start filling and enrol later in Settings.</translation>
    </message>
    <message>
        <source>登记(&amp;E)</source>
        <translation>&amp;Enrol</translation>
    </message>
    <message>
        <source>想先练练手？演练模式在本机起一个模拟平台，资料不会上报。</source>
        <translation>Want to practise first? Practice mode starts a mock platform on this computer; nothing is reported.</translation>
    </message>
    <message>
        <source>进入演练模式(&amp;D)</source>
        <translation>Practice mo&amp;de</translation>
    </message>
    <message>
        <source>以后再说(&amp;L)</source>
        <translation>&amp;Later</translation>
    </message>
</context>
<context>
    <name>CopiedBadge</name>
    <message>
        <source>沿用</source>
        <translation>Copied</translation>
    </message>
    <message>
        <source>照上次填的。核对无误，点一下或按回车；有变化，直接改。</source>
        <translation>As filed last time. If it is still right, click here or press Enter; if it has changed, change it.</translation>
    </message>
</context>
<context>
    <name>CopyBar</name>
    <message>
        <source>沿用(&amp;Y)</source>
        <translation>Cop&amp;y</translation>
    </message>
    <message>
        <source>不用(&amp;N)</source>
        <translation>&amp;No, start fresh</translation>
    </message>
    <message>
        <source>全部清空</source>
        <translation>Clear all of it</translation>
    </message>
    <message>
        <source>这个主体 {day} 填过本表，要沿用吗？</source>
        <translation>This subject filed this form on {day}. Copy the answers from it?</translation>
    </message>
    <message>
        <source>“{name}”（{code}）{day} 填过本表，要沿用吗？</source>
        <translation>{name} ({code}) filed this form on {day}. Copy the answers from it?</translation>
    </message>
    <message>
        <source>沿用 {day} 的填报：先回答“告知与同意”，同意后自动填入。</source>
        <translation>Copying from {day}: answer the notice and consent first; what you agree to is then filled in.</translation>
    </message>
    <message>
        <source>沿用了 {day} 的 {count} 项，请核对有变化的。</source>
        <translation>{count} answers copied from {day}; please check what has changed.</translation>
    </message>
    <message>
        <source>另有 {left} 项已不适用，没有沿用。</source>
        <translation> {left} more no longer apply and were not copied.</translation>
    </message>
    <message>
        <source>平台已有部分信息：先回答“告知与同意”，同意后自动填入。</source>
        <translation>The platform has some of this: answer Notice and consent first; it is filled in once consent is given.</translation>
    </message>
    <message>
        <source>平台已有的 {count} 项已填入，请与本人核对。</source>
        <translation>{count} answers that the platform has were filled in; check them with the person.</translation>
    </message>
    <message>
        <source>另有 {left} 项不合本表，没有填入。</source>
        <translation> {left} more do not fit this form and were left out.</translation>
    </message>
</context>
<context>
    <name>Counted</name>
    <message numerus="yes">
        <source>约剩 %n 秒</source>
        <translation>
            <numerusform>about %n second left</numerusform>
            <numerusform>about %n seconds left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>约剩 %n 分钟</source>
        <translation>
            <numerusform>about %n minute left</numerusform>
            <numerusform>about %n minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n 件</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>约 %n 秒</source>
        <translation>
            <numerusform>about %n second</numerusform>
            <numerusform>about %n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>约 %n 分钟</source>
        <translation>
            <numerusform>about %n minute</numerusform>
            <numerusform>about %n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CounterField</name>
    <message>
        <source>减一</source>
        <translation>One less</translation>
    </message>
    <message>
        <source>加一</source>
        <translation>One more</translation>
    </message>
</context>
<context>
    <name>DateField</name>
    <message>
        <source>没有这样的日期，请按 {example} 的样子填写。</source>
        <translation>There is no such date; write it like {example}.</translation>
    </message>
    <message>
        <source>长期有效</source>
        <translation>No expiry</translation>
    </message>
    <message>
        <source>{year}年{month}月{day}日，星期{weekday}</source>
        <translation>{weekday} {year}-{month}-{day}</translation>
    </message>
    <message>
        <source>从日历中选</source>
        <translation>Pick from a calendar</translation>
    </message>
    <message>
        <source>如 2026</source>
        <translation>e.g. 2026</translation>
    </message>
    <message>
        <source>如 202603</source>
        <translation>e.g. 202603</translation>
    </message>
    <message>
        <source>如 20260315 或 3.15</source>
        <translation>e.g. 20260315 or 3.15</translation>
    </message>
    <message>
        <source>波斯历 {date}</source>
        <translation>Persian calendar {date}</translation>
    </message>
    <message>
        <source>伊斯兰历 {date}</source>
        <translation>Islamic calendar {date}</translation>
    </message>
    <message>
        <source>科普特历 {date}</source>
        <translation>Coptic calendar {date}</translation>
    </message>
    <message>
        <source>埃塞俄比亚历 {date}</source>
        <translation>Ethiopian calendar {date}</translation>
    </message>
    <message>
        <source>佛历 {date}</source>
        <translation>Buddhist calendar {date}</translation>
    </message>
</context>
<context>
    <name>Days</name>
    <message numerus="yes">
        <source>%n 天</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n 件已受理的填报件将在 7 天内清除内容，需要的可以先保留。</source>
        <translation>
            <numerusform>The content of %n accepted record will be erased within 7 days; keep what you need.</numerusform>
            <numerusform>The content of %n accepted records will be erased within 7 days; keep what you need.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n 件已受理并到期的填报件已清除内容，编号和回执还在。</source>
        <translation>
            <numerusform>The content of %n accepted record was erased, its time being over; number and receipt remain.</numerusform>
            <numerusform>The content of %n accepted records was erased, their time being over; numbers and receipts remain.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>已 %n 天没有备份。</source>
        <translation>
            <numerusform>No backup for %n day.</numerusform>
            <numerusform>No backup for %n days.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DossiersPage</name>
    <message>
        <source>档案</source>
        <translation>Dossiers</translation>
    </message>
    <message>
        <source>按主体名称、代码或表单查找</source>
        <translation>Find by subject name, code or form</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>全部状态</source>
        <translation>All statuses</translation>
    </message>
    <message>
        <source>信息主体</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>代码</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>表单</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>封存于</source>
        <translation>Sealed</translation>
    </message>
    <message>
        <source>填报件</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>还没有封存的填报件</source>
        <translation>No sealed records yet</translation>
    </message>
    <message>
        <source>填完一份表单并封存后，会出现在这里。</source>
        <translation>Once you finish and seal a form, it appears here.</translation>
    </message>
    <message>
        <source>新建填报(&amp;N)</source>
        <translation>&amp;New filling</translation>
    </message>
    <message>
        <source>没有找到</source>
        <translation>Nothing found</translation>
    </message>
    <message>
        <source>换一个词，或把状态改为“全部状态”。</source>
        <translation>Try another word, or set &quot;All statuses&quot;.</translation>
    </message>
    <message numerus="yes">
        <source>共 %n 件，回车或双击打开</source>
        <translation>
            <numerusform>%n record; Enter or double click opens it</numerusform>
            <numerusform>%n records; Enter or double click opens one</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DropField</name>
    <message>
        <source>请选择</source>
        <translation>Please choose</translation>
    </message>
</context>
<context>
    <name>Enlarged</name>
    <message>
        <source>看大图</source>
        <translation>Picture</translation>
    </message>
    <message>
        <source>题目的图片没有随表单一起带来。</source>
        <translation>The form came without this picture.</translation>
    </message>
</context>
<context>
    <name>EnrolFields</name>
    <message>
        <source>从登记单读取(&amp;R)…</source>
        <translation>&amp;Read from the slip…</translation>
    </message>
    <message>
        <source>选登记单的照片、PDF 或登记文件；也可以把它拖到这里，或照着输入。</source>
        <translation>Choose a photo, PDF or file of the enrolment slip; or drop it here, or type what it says.</translation>
    </message>
    <message>
        <source>平台地址(&amp;U)</source>
        <translation>Platform address (&amp;U)</translation>
    </message>
    <message>
        <source>一次性登记码(&amp;C)</source>
        <translation>One-time code (&amp;C)</translation>
    </message>
    <message>
        <source>由县级管理员发给您，只能用一次；大小写、空格不限。</source>
        <translation>From the county administrator, good once; in any case, with or without spaces.</translation>
    </message>
    <message>
        <source>已读入：机构 %1，有效期至 %2。核对平台地址后按“登记”。</source>
        <translation>Read: office %1, good until %2. Check the platform address, then press Enrol.</translation>
    </message>
    <message>
        <source>已读入：机构 %1，有效期至 %2。登记单上没有平台地址，请问清后填上。</source>
        <translation>Read: office %1, good until %2. The slip gives no platform address: ask for it and fill it in.</translation>
    </message>
</context>
<context>
    <name>EnrollingErrand</name>
    <message>
        <source>登记单 (*.jpg *.jpeg *.png *.bmp *.webp *.pdf *.txt)</source>
        <translation>Enrolment slip (*.jpg *.jpeg *.png *.bmp *.webp *.pdf *.txt)</translation>
    </message>
    <message>
        <source>选择登记单</source>
        <translation>Choose the enrolment slip</translation>
    </message>
</context>
<context>
    <name>FileField</name>
    <message>
        <source>已加密保存在本机。点这里换一个。</source>
        <translation>Kept encrypted on this computer. Click here to replace it.</translation>
    </message>
    <message>
        <source>选一个录音文件</source>
        <translation>Choose a sound file</translation>
    </message>
    <message>
        <source>选一个录像文件</source>
        <translation>Choose a video file</translation>
    </message>
    <message>
        <source>选一个文件</source>
        <translation>Choose a file</translation>
    </message>
    <message>
        <source>点这里选文件，或把文件拖进来；最大 60 MB。</source>
        <translation>Click here to choose a file, or drop one here; at most 60 MB.</translation>
    </message>
    <message>
        <source>所有文件 (*)</source>
        <translation>All files (*)</translation>
    </message>
    <message>
        <source>录音</source>
        <translation>Sound</translation>
    </message>
    <message>
        <source>录像</source>
        <translation>Video</translation>
    </message>
</context>
<context>
    <name>FillingErrand</name>
    <message>
        <source>已封存。可以出具文书，或到“待发箱”签名投递。</source>
        <translation>Sealed. You can write a letter, or sign and deliver it from the Outbox.</translation>
    </message>
</context>
<context>
    <name>FillingPage</name>
    <message>
        <source>没有需要核对的问题。</source>
        <translation>Nothing needs checking.</translation>
    </message>
    <message>
        <source>约需 {minutes} 分钟。</source>
        <translation>About {minutes} minutes.</translation>
    </message>
    <message>
        <source>已答 {answered} 题，共 {count} 题</source>
        <translation>{answered} of {count} questions answered</translation>
    </message>
    <message>
        <source>没有存上：{what}</source>
        <translation>Not saved: {what}</translation>
    </message>
    <message>
        <source>不用按保存，每一题都已自动保存。</source>
        <translation>No need to save: every answer is saved already.</translation>
    </message>
    <message>
        <source>已撤销上一步。</source>
        <translation>The last step was undone.</translation>
    </message>
    <message>
        <source>这一题还没有填对，改好或清除后再封存。</source>
        <translation>This question is not right yet; put it right or clear it before sealing.</translation>
    </message>
</context>
<context>
    <name>FillingPlace</name>
    <message>
        <source>正在打开填报……</source>
        <translation>Opening the filling…</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>查找</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>查找页面、表单、草稿、填报件：名称、代码或拼音首字母</source>
        <translation>Find pages, forms, drafts and records by name, code or pinyin initials</translation>
    </message>
    <message>
        <source>找到的</source>
        <translation>Found</translation>
    </message>
    <message>
        <source>没有找到，换一个词试试。</source>
        <translation>Nothing found. Try another word.</translation>
    </message>
    <message>
        <source>↑↓ 选择，回车打开，Esc 关闭</source>
        <translation>↑↓ choose, Enter opens, Esc closes</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>草稿：%1&#x3000;%2</source>
        <translation>Draft: %1  %2</translation>
    </message>
    <message>
        <source>新建填报：%1</source>
        <translation>New filling: %1</translation>
    </message>
</context>
<context>
    <name>FindingButton</name>
    <message>
        <source>第 {row} 行 {label}</source>
        <translation>Row {row}: {label}</translation>
    </message>
    <message>
        <source>{label}：还没有回答</source>
        <translation>{label}: not answered yet</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>……另有 {count} 项</source>
        <translation>… and {count} more</translation>
    </message>
</context>
<context>
    <name>FirstRunErrand</name>
    <message>
        <source>信采恢复码</source>
        <translation>Xincai recovery code</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>欢迎使用信采</source>
        <translation>Welcome to Xincai</translation>
    </message>
    <message>
        <source>四步即可开始。资料加密保存在本机，不联网也能填报；只有您主动投递时才会送出。</source>
        <translation>Four steps to begin. Everything is kept encrypted on this computer and works offline; nothing leaves it until you deliver.</translation>
    </message>
    <message>
        <source>1 身份</source>
        <translation>1 Who</translation>
    </message>
    <message>
        <source>2 口令</source>
        <translation>2 Passphrase</translation>
    </message>
    <message>
        <source>3 恢复码</source>
        <translation>3 Recovery code</translation>
    </message>
    <message>
        <source>4 联网</source>
        <translation>4 Connection</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message>
        <source>离线可用，资料只存在本机</source>
        <translation>Works offline; kept on this computer only</translation>
    </message>
    <message>
        <source>保险库：已锁定</source>
        <translation>Vault: locked</translation>
    </message>
    <message>
        <source>未登记联网，离线可用</source>
        <translation>Not enrolled; works offline</translation>
    </message>
    <message>
        <source>已登记到演练平台</source>
        <translation>Enrolled at the practice platform</translation>
    </message>
    <message>
        <source>已登记：%1</source>
        <translation>Enrolled: %1</translation>
    </message>
    <message>
        <source>保险库：已打开</source>
        <translation>Vault: open</translation>
    </message>
    <message numerus="yes">
        <source>%n 项待发送</source>
        <translation>
            <numerusform>%n item waiting</numerusform>
            <numerusform>%n items waiting</numerusform>
        </translation>
    </message>
    <message>
        <source>没有待发送的资料</source>
        <translation>Nothing waits to be sent</translation>
    </message>
    <message>
        <source>已保存 %1</source>
        <translation>Saved %1</translation>
    </message>
</context>
<context>
    <name>Ground</name>
    <message>
        <source>去这一题</source>
        <translation>Go to the question</translation>
    </message>
    <message>
        <source>上一部分</source>
        <translation>Previous section</translation>
    </message>
    <message>
        <source>下一部分：{title}</source>
        <translation>Next section: {title}</translation>
    </message>
    <message>
        <source>检查并封存</source>
        <translation>Check and seal</translation>
    </message>
    <message>
        <source>退回原因：{reason}</source>
        <translation>Returned: {reason}</translation>
    </message>
</context>
<context>
    <name>HandBackPage</name>
    <message>
        <source>请把电脑交还工作人员</source>
        <translation>Please hand the computer back</translation>
    </message>
    <message>
        <source>工作人员口令(&amp;P)</source>
        <translation>Staff &amp;passphrase</translation>
    </message>
    <message>
        <source>收回电脑(&amp;T)</source>
        <translation>&amp;Take the computer back</translation>
    </message>
    <message>
        <source>继续填写(&amp;B)</source>
        <translation>Go on filling (&amp;B)</translation>
    </message>
    <message>
        <source>填写的内容已经保存。输入工作人员的口令，才能回到别的页面。</source>
        <translation>What was filled in is saved. Only the staff&apos;s passphrase leads to other pages.</translation>
    </message>
</context>
<context>
    <name>HistoryErrand</name>
    <message>
        <source>正在核验全部历史</source>
        <translation>Proving the whole history</translation>
    </message>
    <message>
        <source>按现状继续使用这个保险库？
如果还有更新的 vault.db，请先找回来：继续之后，那一份里后来的内容不会自动并进来。
这个决定会写入操作记录。</source>
        <translation>Go on with this vault as it is?
If there is a later vault.db, bring it back first: what it holds beyond this one will not be merged later.
This decision is written into the activity log.</translation>
    </message>
    <message>
        <source>按现状继续(&amp;G)</source>
        <translation>&amp;Go on as it is</translation>
    </message>
    <message>
        <source>已按现状继续，可以照常填写和投递。</source>
        <translation>Going on as it is; filling and delivering work again.</translation>
    </message>
    <message>
        <source>导出到哪个文件夹</source>
        <translation>Export to which folder</translation>
    </message>
    <message>
        <source>已导出：%1</source>
        <translation>Exported: %1</translation>
    </message>
    <message>
        <source>正在核验全部附件</source>
        <translation>Proving all attachments</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>操作记录</source>
        <translation>Activity log</translation>
    </message>
    <message>
        <source>导出(&amp;E)</source>
        <translation>&amp;Export</translation>
    </message>
    <message>
        <source>写出表格（CSV）和带签名的逐行记录（JSON），都不含填报内容。</source>
        <translation>Writes a table (CSV) and signed lines (JSON); neither holds any answers.</translation>
    </message>
    <message>
        <source>核验全部(&amp;V)</source>
        <translation>Pro&amp;ve all</translation>
    </message>
    <message>
        <source>按现状继续(&amp;G)</source>
        <translation>&amp;Go on as it is</translation>
    </message>
    <message>
        <source>事项</source>
        <translation>Event</translation>
    </message>
    <message>
        <source>全部事项</source>
        <translation>All events</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>全部时间</source>
        <translation>Any time</translation>
    </message>
    <message>
        <source>最近一天</source>
        <translation>Last day</translation>
    </message>
    <message>
        <source>最近 7 天</source>
        <translation>Last 7 days</translation>
    </message>
    <message>
        <source>最近 30 天</source>
        <translation>Last 30 days</translation>
    </message>
    <message>
        <source>最近一年</source>
        <translation>Last year</translation>
    </message>
    <message>
        <source>序号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>操作人</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>这里只有编号、数量和摘要，没有填报内容。每一条都含前一条的摘要，改动任何一条都会被发现。</source>
        <translation>Only ids, counts and digests stand here, no answers. Each entry holds the digest of the one before, so a change to any of them is found.</translation>
    </message>
    <message>
        <source>全部历史已核验，没有发现问题（%1）。</source>
        <translation>The whole history was proven and holds (%1).</translation>
    </message>
    <message>
        <source>核对文件 head.json 不见了，已重新生成并记下。如果不是您移动过保险库，请告诉管理员。</source>
        <translation>The check file head.json was gone; it was made anew and this was written down. If you did not move the vault, tell the administrator.</translation>
    </message>
    <message>
        <source>打开时已核验最近 200 条；全部历史在后台核验。</source>
        <translation>The latest 200 entries were proven at opening; the whole history is proven in the background.</translation>
    </message>
    <message numerus="yes">
        <source>共 %n 条</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message>
        <source>时间（UTC）</source>
        <translation>Time (UTC)</translation>
    </message>
    <message>
        <source>摘要（SM3）</source>
        <translation>Digest (SM3)</translation>
    </message>
</context>
<context>
    <name>HomeErrand</name>
    <message>
        <source>删除这份草稿？删除后不能恢复。</source>
        <translation>Delete this draft? It cannot be brought back.</translation>
    </message>
    <message>
        <source>删除草稿(&amp;D)</source>
        <translation>&amp;Delete draft</translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message>
        <source>新建填报(&amp;N)</source>
        <translation>&amp;New filling</translation>
    </message>
    <message>
        <source>还没有登记到平台：可以照常填报和封存，投递前请先登记或进入演练模式。</source>
        <translation>Not enrolled at a platform: filling and sealing work as usual; enrol or enter practice mode before delivering.</translation>
    </message>
    <message>
        <source>去设置(&amp;S)</source>
        <translation>&amp;Settings</translation>
    </message>
    <message>
        <source>%1，您好</source>
        <translation>Hello, %1</translation>
    </message>
    <message>
        <source>继续填报</source>
        <translation>Go on filling</translation>
    </message>
    <message>
        <source>未完成的填报</source>
        <translation>Unfinished fillings</translation>
    </message>
    <message>
        <source>查看</source>
        <translation>See</translation>
    </message>
    <message>
        <source>（还没有填主体名称）</source>
        <translation>(no subject name yet)</translation>
    </message>
    <message>
        <source>保存于 %1</source>
        <translation>Saved %1</translation>
    </message>
    <message>
        <source>必答 %1/%2</source>
        <translation>Required %1/%2</translation>
    </message>
    <message>
        <source>继续</source>
        <translation>Go on</translation>
    </message>
    <message>
        <source>删除这份草稿</source>
        <translation>Delete this draft</translation>
    </message>
    <message>
        <source>去更正</source>
        <translation>Correct</translation>
    </message>
    <message>
        <source>没有未完成的填报</source>
        <translation>No unfinished fillings</translation>
    </message>
    <message>
        <source>从第一份填报开始</source>
        <translation>Begin with your first filling</translation>
    </message>
    <message>
        <source>选一张表单，按题填写；每答一题自动保存，随时可以停下。</source>
        <translation>Choose a form and answer; every answer is saved at once, so you can stop at any time.</translation>
    </message>
    <message>
        <source>选择表单(&amp;F)</source>
        <translation>Choose a &amp;form</translation>
    </message>
    <message>
        <source>查看(&amp;V)</source>
        <translation>&amp;View</translation>
    </message>
    <message>
        <source>去备份(&amp;B)</source>
        <translation>&amp;Back up</translation>
    </message>
    <message>
        <source>保险库所在的位置不能写入：现在只能查看和导出，不能填报。</source>
        <translation>The vault&apos;s place cannot be written: you can look and export now, but not fill in.</translation>
    </message>
    <message>
        <source>磁盘快满了，应急的预留空间已用掉：请尽快清理磁盘，再继续填报。</source>
        <translation>The disk is nearly full and the emergency reserve is used up: free some space soon, then go on.</translation>
    </message>
    <message>
        <source>电脑丢失或损坏时，只有备份能找回资料。</source>
        <translation>When the computer is lost or broken, only a backup brings the data back.</translation>
    </message>
</context>
<context>
    <name>ImportedCard</name>
    <message>
        <source>版本 %1</source>
        <translation>Version %1</translation>
    </message>
    <message>
        <source>没有版本号</source>
        <translation>No version</translation>
    </message>
    <message>
        <source>%1 导入</source>
        <translation>Brought in %1</translation>
    </message>
    <message>
        <source>撤下</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>不再用它新建填报；已有的草稿和填报件保留。</source>
        <translation>Begin no new fillings with it; drafts and records stay.</translation>
    </message>
    <message>
        <source>填报</source>
        <translation>Fill in</translation>
    </message>
</context>
<context>
    <name>InstantField</name>
    <message>
        <source>没有看懂，请按 20260315 930 的样子填写日期和时间。</source>
        <translation>Not understood; write date and time like 20260315 930.</translation>
    </message>
    <message>
        <source>日期 空格 时间，如 20260315 930</source>
        <translation>date, space, time, e.g. 20260315 930</translation>
    </message>
</context>
<context>
    <name>LetterErrand</name>
    <message>
        <source>已送打印。</source>
        <translation>Sent to the printer.</translation>
    </message>
    <message>
        <source>保存到哪个文件夹</source>
        <translation>Save into which folder</translation>
    </message>
    <message>
        <source>已保存：%1</source>
        <translation>Saved: %1</translation>
    </message>
    <message>
        <source>证书 (*.p12 *.pfx)</source>
        <translation>Certificate (*.p12 *.pfx)</translation>
    </message>
    <message>
        <source>选择单位的证书文件</source>
        <translation>Choose the office&apos;s certificate file</translation>
    </message>
    <message>
        <source>证书文件的口令</source>
        <translation>Passphrase of the certificate file</translation>
    </message>
    <message>
        <source>扫描件 (*.pdf *.png *.jpg *.jpeg)</source>
        <translation>Scan (*.pdf *.png *.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>选择签好字的扫描件</source>
        <translation>Choose the scan of the signed letter</translation>
    </message>
    <message>
        <source>扫描件已收存到文书 %1。</source>
        <translation>The scan is kept with letter %1.</translation>
    </message>
</context>
<context>
    <name>LetterPage</name>
    <message>
        <source>上一页（Page Up）</source>
        <translation>Previous page (Page Up)</translation>
    </message>
    <message>
        <source>下一页（Page Down）</source>
        <translation>Next page (Page Down)</translation>
    </message>
    <message>
        <source>缩小（Ctrl+减号）</source>
        <translation>Smaller (Ctrl+minus)</translation>
    </message>
    <message>
        <source>放大（Ctrl+加号）</source>
        <translation>Larger (Ctrl+plus)</translation>
    </message>
    <message>
        <source>另存为 PDF(&amp;E)</source>
        <translation>Sav&amp;e as PDF</translation>
    </message>
    <message>
        <source>打印(&amp;P)</source>
        <translation>&amp;Print</translation>
    </message>
    <message>
        <source>文书预览</source>
        <translation>Letter preview</translation>
    </message>
    <message>
        <source>出具于 %1</source>
        <translation>Issued %1</translation>
    </message>
    <message>
        <source>加证书签名另存(&amp;S)…</source>
        <translation>Save with certificate (&amp;S)…</translation>
    </message>
    <message>
        <source>收存签署扫描件(&amp;K)…</source>
        <translation>Keep signed scan (&amp;K)…</translation>
    </message>
</context>
<context>
    <name>LettersErrand</name>
    <message>
        <source>文书 (*.pdf *.png *.jpg *.jpeg)</source>
        <translation>Letter (*.pdf *.png *.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>选择 PDF、扫描件或照片</source>
        <translation>Choose a PDF, a scan or a photograph</translation>
    </message>
    <message>
        <source>扫描件已收存到文书 %1。</source>
        <translation>The scan is kept with letter %1.</translation>
    </message>
    <message>
        <source>正在出具文书</source>
        <translation>Making letters</translation>
    </message>
    <message>
        <source>保存到哪个文件夹</source>
        <translation>Save into which folder</translation>
    </message>
    <message>
        <source>已保存 %1 个文件：%2</source>
        <translation>Saved %1 files: %2</translation>
    </message>
    <message>
        <source>文书 %1 份</source>
        <translation>%1 letters</translation>
    </message>
    <message>
        <source>正在送打印</source>
        <translation>Printing</translation>
    </message>
</context>
<context>
    <name>LettersPage</name>
    <message>
        <source>文书</source>
        <translation>Letters</translation>
    </message>
    <message>
        <source>松开鼠标，核验这份文书</source>
        <translation>Let go to verify this letter</translation>
    </message>
    <message>
        <source>核验文书</source>
        <translation>Verify a letter</translation>
    </message>
    <message>
        <source>把 PDF、扫描件或照片拖到这里，不用联网就能知道文书、填报件和签名是否相符。签好字的纸质件扫描后，也在这里收存。</source>
        <translation>Drop a PDF, a scan or a photograph here: whether letter, record and signature agree is told without a network. A letter signed in ink and scanned is kept here too.</translation>
    </message>
    <message>
        <source>选择文件(&amp;V)…</source>
        <translation>Choose file (&amp;V)…</translation>
    </message>
    <message>
        <source>作为纸质签署件收存(&amp;K)</source>
        <translation>Keep as signed in ink (&amp;K)</translation>
    </message>
    <message>
        <source>查看本机原件(&amp;O)</source>
        <translation>See the letter kept here (&amp;O)</translation>
    </message>
    <message>
        <source>“%1”不可采信</source>
        <translation>“%1” cannot be relied on</translation>
    </message>
    <message>
        <source>“%1”与本机的文书和填报件相符</source>
        <translation>“%1” agrees with the letter and the record kept here</translation>
    </message>
    <message>
        <source>“%1”的二维码签名有效；本机没有原件，内容未能核对</source>
        <translation>“%1” has a good seal; this computer does not hold the letter, so its words were not checked</translation>
    </message>
    <message>
        <source>第 %1 页</source>
        <translation>Page %1</translation>
    </message>
    <message>
        <source>原件：%1</source>
        <translation>Kept here: %1</translation>
    </message>
    <message>
        <source>（没有）</source>
        <translation>(nothing)</translation>
    </message>
    <message>
        <source>这份：%1</source>
        <translation>This file: %1</translation>
    </message>
    <message>
        <source>文字相同，版面看上去不同：可能盖住或换了图。</source>
        <translation>The words are the same, but the page looks different: something may be covered or a picture changed.</translation>
    </message>
    <message>
        <source>批量出具和打印</source>
        <translation>Many letters at once</translation>
    </message>
    <message>
        <source>按村、按表单一次出具许多文书，合成一个打印任务；中途停止后可以接着做。</source>
        <translation>Make the letters of a village or a form in one go and print them as one job; a stopped run can be resumed.</translation>
    </message>
    <message>
        <source>按主体名称、代码或表单查找，不填就是全部</source>
        <translation>Find by subject, code or form; empty means all</translation>
    </message>
    <message>
        <source>文书(&amp;T)</source>
        <translation>Letter (&amp;T)</translation>
    </message>
    <message>
        <source>哪些填报件(&amp;W)</source>
        <translation>Which records (&amp;W)</translation>
    </message>
    <message>
        <source>出具(&amp;M)</source>
        <translation>Make (&amp;M)</translation>
    </message>
    <message>
        <source>打印(&amp;P)…</source>
        <translation>Print (&amp;P)…</translation>
    </message>
    <message>
        <source>存为一个 PDF(&amp;A)…</source>
        <translation>Save as one PDF (&amp;A)…</translation>
    </message>
    <message>
        <source>每份存一个文件(&amp;E)…</source>
        <translation>Save a file each (&amp;E)…</translation>
    </message>
    <message>
        <source>共 %1 份填报件，已出具 %2 份。</source>
        <translation>%1 records, %2 letters made.</translation>
    </message>
    <message>
        <source>已停止：%1 份已出具并保存，再按“出具”接着做。</source>
        <translation>Stopped: %1 are made and kept; press Make to go on.</translation>
    </message>
    <message>
        <source>%1 份已备好，%2 份没有出具。第一份的原因：%3</source>
        <translation>%1 are ready, %2 were not made. Why the first was not: %3</translation>
    </message>
    <message>
        <source>%1 份文书已备好，可以打印或保存。</source>
        <translation>%1 letters are ready to be printed or saved.</translation>
    </message>
    <message>
        <source>打印已停止：前 %1 份已送出，共 %2 份。再按“打印”从下一份接着打。</source>
        <translation>Printing stopped: the first %1 of %2 are sent. Press Print to go on with the next.</translation>
    </message>
    <message>
        <source>接着打印(&amp;P)…</source>
        <translation>Go on printing (&amp;P)…</translation>
    </message>
    <message>
        <source>%2 份文书已送打印。</source>
        <translation>%2 letters were sent to the printer.</translation>
    </message>
    <message>
        <source>文本：%1 第 %2 版（摘要 %3）</source>
        <translation>Wording: %1, version %2 (digest %3)</translation>
    </message>
    <message>
        <source>村(&amp;G)</source>
        <translation>&amp;Village</translation>
    </message>
    <message>
        <source>所有村</source>
        <translation>All villages</translation>
    </message>
    <message>
        <source>%1（全部）</source>
        <translation>%1 (all of it)</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>信采</source>
        <translation>Xincai</translation>
    </message>
    <message>
        <source>正在保存并结束未完的工作，随后自动关闭……</source>
        <translation>Saving and ending work under way, then closing…</translation>
    </message>
    <message>
        <source>现在由主体本人填写，只显示这一份；填好后请交还。</source>
        <translation>The subject is filling in this form alone; please hand the computer back when done.</translation>
    </message>
    <message>
        <source>交还电脑(&amp;R)</source>
        <translation>Hand back (&amp;R)</translation>
    </message>
</context>
<context>
    <name>ManyField</name>
    <message>
        <source>输入文字或拼音首字母查找，可选多项</source>
        <translation>Type words to search; several may be chosen</translation>
    </message>
    <message>
        <source>已选 {count} 项：{names}</source>
        <translation>{count} chosen: {names}</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
</context>
<context>
    <name>MediaRow</name>
    <message>
        <source>播放录音</source>
        <translation>Play the sound</translation>
    </message>
    <message>
        <source>播放录像</source>
        <translation>Play the video</translation>
    </message>
    <message>
        <source>点开看大图</source>
        <translation>Click to see it large</translation>
    </message>
    <message>
        <source>题目的图片，点开看大图</source>
        <translation>The question&apos;s picture; click to see it large</translation>
    </message>
    <message>
        <source>题目的图片没有随表单一起带来。</source>
        <translation>The form came without this picture.</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>这里要填整数，例如 12。</source>
        <translation>A whole number is needed here, e.g. 12.</translation>
    </message>
    <message>
        <source>这里要填数字，例如 12.5。</source>
        <translation>A number is needed here, e.g. 12.5.</translation>
    </message>
    <message>
        <source>大写：{amount}</source>
        <translation>In words: {amount}</translation>
    </message>
</context>
<context>
    <name>OutboxErrand</name>
    <message numerus="yes">
        <source>已签名装批，共 %n 件，可以投递了。</source>
        <translation>
            <numerusform>%n record signed into a batch; ready to deliver.</numerusform>
            <numerusform>%n records signed into a batch; ready to deliver.</numerusform>
        </translation>
    </message>
    <message>
        <source>导出到哪个文件夹</source>
        <translation>Export into which folder</translation>
    </message>
    <message>
        <source>已导出：%1</source>
        <translation>Exported: %1</translation>
    </message>
    <message>
        <source>选择平台交回的回执文件</source>
        <translation>Choose the platform&apos;s return file</translation>
    </message>
    <message>
        <source>回执文件 (*.json)</source>
        <translation>Return files (*.json)</translation>
    </message>
</context>
<context>
    <name>OutboxPage</name>
    <message>
        <source>待发箱</source>
        <translation>Outbox</translation>
    </message>
    <message>
        <source>还没有登记到平台。登记或进入演练模式后，才能签名和投递。</source>
        <translation>Not enrolled yet. Enrol or enter practice mode to sign and deliver.</translation>
    </message>
    <message>
        <source>去设置(&amp;S)</source>
        <translation>&amp;Settings</translation>
    </message>
    <message numerus="yes">
        <source>签名装批（%n 件）(&amp;S)</source>
        <translation>
            <numerusform>&amp;Sign %n record</numerusform>
            <numerusform>&amp;Sign %n records</numerusform>
        </translation>
    </message>
    <message>
        <source>第一步：签名装批</source>
        <translation>Step 1: sign a batch</translation>
    </message>
    <message>
        <source>签名装批(&amp;S)</source>
        <translation>&amp;Sign a batch</translation>
    </message>
    <message>
        <source>已封存、还没装批的填报件；签名后内容不可更改。</source>
        <translation>Sealed records that are in no batch yet; signed content cannot change.</translation>
    </message>
    <message>
        <source>信息主体</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>代码</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>表单</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>封存于</source>
        <translation>Sealed</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>待装批的填报件</source>
        <translation>Records to be signed</translation>
    </message>
    <message>
        <source>没有待装批的填报件。</source>
        <translation>No record waits to be signed.</translation>
    </message>
    <message>
        <source>第二步：投递</source>
        <translation>Step 2: deliver</translation>
    </message>
    <message>
        <source>导出到U盘(&amp;E)</source>
        <translation>&amp;Export to a stick</translation>
    </message>
    <message>
        <source>没有网络时，把选中的批次写到U盘交给平台。</source>
        <translation>Without a network, write the chosen batch to a stick and bring it to the platform.</translation>
    </message>
    <message>
        <source>投递(&amp;D)</source>
        <translation>&amp;Deliver</translation>
    </message>
    <message>
        <source>随时可以停止；中断后再投递一次即可，平台认得同一批，不会重复。</source>
        <translation>Stop at any time; after a break just deliver again: the platform knows the same batch and nothing is doubled.</translation>
    </message>
    <message>
        <source>批次</source>
        <translation>Batch</translation>
    </message>
    <message>
        <source>签名于</source>
        <translation>Signed</translation>
    </message>
    <message>
        <source>件数</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>结果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>还没有批次</source>
        <translation>No batches yet</translation>
    </message>
    <message>
        <source>先封存填报件，再签名装批，就可以投递了。</source>
        <translation>Seal records, sign them into a batch, then deliver.</translation>
    </message>
    <message>
        <source>第 %1 批</source>
        <translation>Batch %1</translation>
    </message>
    <message>
        <source>已停止，没送完的下次接着送。</source>
        <translation>Stopped; the rest goes next time.</translation>
    </message>
    <message numerus="yes">
        <source>还有 %n 批没有收到结果，稍后再投递一次。</source>
        <translation>
            <numerusform>%n batch has no outcome yet; deliver again later.</numerusform>
            <numerusform>%n batches have no outcome yet; deliver again later.</numerusform>
        </translation>
    </message>
    <message>
        <source>没有需要投递的批次。</source>
        <translation>No batch needs delivering.</translation>
    </message>
    <message>
        <source>平台已答复：%1。</source>
        <translation>The platform answered: %1.</translation>
    </message>
    <message>
        <source>去复核(&amp;W)</source>
        <translation>Revie&amp;w others&apos; records</translation>
    </message>
    <message numerus="yes">
        <source>有 %n 件别人封存的填报件等您复核。</source>
        <translation>
            <numerusform>%n record that somebody else sealed waits for your approval.</numerusform>
            <numerusform>%n records that others sealed wait for your approval.</numerusform>
        </translation>
    </message>
    <message>
        <source>交接单(&amp;L)</source>
        <translation>S&amp;llip</translation>
    </message>
    <message>
        <source>为选中的批次出具交接单，随U盘或者纸质材料一并移交。</source>
        <translation>Make a slip for the chosen batch, to go with the stick or the papers.</translation>
    </message>
    <message>
        <source>收回执(&amp;R)</source>
        <translation>Take &amp;receipts in</translation>
    </message>
    <message>
        <source>收下平台用U盘交回的回执文件；也可以把文件拖到这里。</source>
        <translation>Takes in the receipts that the platform gave back on a stick; the file may also be dropped here.</translation>
    </message>
    <message>
        <source>松开鼠标，收下回执</source>
        <translation>Let go to take in the receipts</translation>
    </message>
    <message>
        <source>这台电脑的时钟和平台相差 5 分钟以上。投递照常，但封存和签名的时间会不准；请在系统设置里校准日期和时间。</source>
        <translation>This computer&apos;s clock is more than 5 minutes off the platform&apos;s. Deliveries go on, but the times of sealing and signing will be wrong: set the date and time in the system&apos;s settings.</translation>
    </message>
    <message>
        <source>已暂停。已经送到的不会重送，什么时候继续都可以。</source>
        <translation>Paused. What has arrived is not sent again; go on whenever you like.</translation>
    </message>
    <message>
        <source>上网代理要求登录</source>
        <translation>The proxy wants you to sign in</translation>
    </message>
    <message>
        <source>填一次就记住，只存在加密库里；登录后接着投递。</source>
        <translation>Once is enough: it is kept in the encrypted vault alone. The delivery goes on after that.</translation>
    </message>
    <message>
        <source>代理用户名</source>
        <translation>Proxy user name</translation>
    </message>
    <message>
        <source>代理密码</source>
        <translation>Proxy password</translation>
    </message>
    <message>
        <source>登录并投递</source>
        <translation>Sign in and deliver</translation>
    </message>
    <message>
        <source>正在等待网络：连上网后自动签名装批并投递。</source>
        <translation>Waiting for the network: once it is there, what waits is signed and delivered by itself.</translation>
    </message>
    <message>
        <source>当前网络按流量计费，不自动投递；现在就要送，请点“投递”。</source>
        <translation>This network is paid for by volume, so nothing is delivered by itself; press Deliver to send now.</translation>
    </message>
    <message>
        <source>%1后自动再试一次。</source>
        <translation>The next attempt begins by itself in %1.</translation>
    </message>
    <message>
        <source>%1后自动签名装批、投递，并取回回执和表单。</source>
        <translation>In %1 what waits is signed and delivered by itself, and receipts and forms are fetched.</translation>
    </message>
</context>
<context>
    <name>Outline</name>
    <message>
        <source>目录</source>
        <translation>Contents</translation>
    </message>
</context>
<context>
    <name>OutlineField</name>
    <message>
        <source>定位到：纬度, 经度</source>
        <translation>Go to: latitude, longitude</translation>
    </message>
    <message>
        <source>沿地块边界依次点出拐点。拖动拐点可移动，选中后按 Delete 删除，滚轮缩放，右键拖动平移。</source>
        <translation>Click the corners along the parcel&apos;s boundary in order. Drag a corner to move it, Delete removes the chosen one, the wheel zooms, drag with the right button to pan.</translation>
    </message>
    <message>
        <source>先在上面填一个坐标定位，或者粘贴、导入坐标。</source>
        <translation>First enter a coordinate above to find the place, or paste or import coordinates.</translation>
    </message>
    <message>
        <source>每行一个拐点：纬度, 经度（先经度后纬度也能识别）</source>
        <translation>One corner a line: latitude, longitude (longitude first is understood too)</translation>
    </message>
    <message>
        <source>撤销一点</source>
        <translation>Undo a corner</translation>
    </message>
    <message>
        <source>看全图</source>
        <translation>Show all</translation>
    </message>
    <message>
        <source>填坐标</source>
        <translation>Type coordinates</translation>
    </message>
    <message>
        <source>导入</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>导入 GeoJSON 文件</source>
        <translation>Import a GeoJSON file</translation>
    </message>
    <message>
        <source>清除</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>文件里没有找到经纬度的地块边界，请导出为 GeoJSON（CGCS2000 或 WGS84）。</source>
        <translation>No parcel boundary in degrees was found; export it as GeoJSON (CGCS2000 or WGS84).</translation>
    </message>
    <message>
        <source>文件里有 {count} 个地块，已取第一个；其余请另加一行再导入。</source>
        <translation>The file holds {count} parcels; the first was taken. Add a row for each of the others.</translation>
    </message>
    <message>
        <source>第 {one} 条边与第 {other} 条边交叉，请把拐点按顺序排好。</source>
        <translation>Edges {one} and {other} cross; put the corners in order.</translation>
    </message>
    <message>
        <source>已有 {count} 个拐点，至少要 {least} 个。</source>
        <translation>{count} corners so far, at least {least} are needed.</translation>
    </message>
    <message>
        <source>已有 {count} 个点。</source>
        <translation>{count} points so far.</translation>
    </message>
    <message>
        <source>面积 {mu} 亩（{hectares} 公顷），周长 {around} 米，{count} 个拐点</source>
        <translation>{mu} mu ({hectares} ha), {around} m around, {count} corners</translation>
    </message>
    <message>
        <source>第 {line} 行不是一个坐标，每行要有纬度和经度两个数。</source>
        <translation>Line {line} is not a coordinate; each line needs two numbers, latitude and longitude.</translation>
    </message>
    <message>
        <source>请填纬度和经度两个数，例如 33.97, 113.21。</source>
        <translation>Give latitude and longitude, e.g. 33.97, 113.21.</translation>
    </message>
    <message>
        <source>导入地块边界</source>
        <translation>Import a parcel boundary</translation>
    </message>
    <message>
        <source>GeoJSON (*.geojson *.json)</source>
        <translation>GeoJSON (*.geojson *.json)</translation>
    </message>
</context>
<context>
    <name>ParagraphField</name>
    <message>
        <source>回车到下一题，Shift+回车换行</source>
        <translation>Enter: next question; Shift+Enter: new line</translation>
    </message>
</context>
<context>
    <name>PassphraseField</name>
    <message>
        <source>显示输入的内容</source>
        <translation>Show what is typed</translation>
    </message>
    <message>
        <source>隐藏输入的内容</source>
        <translation>Hide what is typed</translation>
    </message>
</context>
<context>
    <name>PassphraseStep</name>
    <message>
        <source>设一个口令</source>
        <translation>Choose a passphrase</translation>
    </message>
    <message>
        <source>口令保护本机的全部资料，没有人能替您找回。用一句自己记得住的话最好，例如四五个不相干的词。</source>
        <translation>It guards everything on this computer, and nobody can recover it for you. Best is a phrase you remember, such as four or five unrelated words.</translation>
    </message>
    <message>
        <source>口令(&amp;P)</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>再输一遍(&amp;A)</source>
        <translation>&amp;Again</translation>
    </message>
    <message>
        <source>创建保险库(&amp;C)</source>
        <translation>&amp;Create the vault</translation>
    </message>
    <message>
        <source>上一步(&amp;B)</source>
        <translation>&amp;Back</translation>
    </message>
    <message>
        <source>强度：足够</source>
        <translation>Strength: good</translation>
    </message>
    <message>
        <source>强度：不够。%1</source>
        <translation>Strength: not enough. %1</translation>
    </message>
    <message>
        <source>两次输入不一样</source>
        <translation>The two differ</translation>
    </message>
    <message>
        <source>两次一致</source>
        <translation>Both are the same</translation>
    </message>
    <message>
        <source>替我生成一个(&amp;G)</source>
        <translation>&amp;Make one for me</translation>
    </message>
    <message>
        <source>%1（请抄下记熟）</source>
        <translation>%1 (write it down and learn it)</translation>
    </message>
</context>
<context>
    <name>PeopleErrand</name>
    <message>
        <source>已托管给县级公钥。</source>
        <translation>The county&apos;s key can open this vault now.</translation>
    </message>
    <message>
        <source>已添加，请让本人用自己的口令登录一次。</source>
        <translation>Added. Let them sign in once with their own passphrase.</translation>
    </message>
    <message>
        <source>职责已更改。</source>
        <translation>Roles changed.</translation>
    </message>
    <message>
        <source>口令已重设，请让本人登录后自己更换。</source>
        <translation>The passphrase is set. Let them sign in and change it themselves.</translation>
    </message>
    <message>
        <source>移除“%1”？他的口令和现在的恢复码都不能再打开保险库，会生成新的恢复码，请准备好打印。</source>
        <translation>Remove “%1”? Their passphrase and the present recovery code will open nothing. A new recovery code is made: have the printer ready.</translation>
    </message>
    <message>
        <source>移除(&amp;R)</source>
        <translation>&amp;Remove</translation>
    </message>
    <message>
        <source>新的恢复码只显示这一次，请打印并核对。</source>
        <translation>The new recovery code is shown this once. Print it and type it back.</translation>
    </message>
    <message>
        <source>信采恢复码</source>
        <translation>Xincai recovery code</translation>
    </message>
    <message>
        <source>核对无误。请把恢复码与电脑分开存放。</source>
        <translation>It is right. Keep it apart from the computer.</translation>
    </message>
    <message>
        <source>双人复核已打开。</source>
        <translation>Records now wait for a second look.</translation>
    </message>
    <message>
        <source>双人复核已关闭。</source>
        <translation>Records wait for no second look any more.</translation>
    </message>
    <message>
        <source>已存入系统钥匙串。</source>
        <translation>The system&apos;s keychain can open this vault now.</translation>
    </message>
    <message>
        <source>已从系统钥匙串取出。</source>
        <translation>The system&apos;s keychain opens this vault no longer.</translation>
    </message>
    <message>
        <source>选择县级公钥文件</source>
        <translation>Choose the county&apos;s public key file</translation>
    </message>
    <message>
        <source>导出到哪个文件夹</source>
        <translation>Into which folder?</translation>
    </message>
    <message>
        <source>托管信封已导出：%1</source>
        <translation>The escrow envelope was written: %1</translation>
    </message>
    <message>
        <source>托管已取消。</source>
        <translation>The county&apos;s key opens this vault no longer.</translation>
    </message>
</context>
<context>
    <name>PeoplePage</name>
    <message>
        <source>人员与权限</source>
        <translation>People and rights</translation>
    </message>
    <message>
        <source>（您）</source>
        <translation> (you)</translation>
    </message>
    <message>
        <source>添加、移除、重设口令、恢复码和托管，每次都要再输一遍您自己的口令。</source>
        <translation>Adding, removing, setting a passphrase, recovery code and escrow each ask for your own passphrase again.</translation>
    </message>
    <message>
        <source>您现在的口令(&amp;O)</source>
        <translation>Y&amp;our passphrase</translation>
    </message>
    <message>
        <source>请先输入您现在的口令</source>
        <translation>Type your own passphrase first</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>职责</source>
        <translation>Roles</translation>
    </message>
    <message>
        <source>人员名单</source>
        <translation>People</translation>
    </message>
    <message>
        <source>添加人员(&amp;D)</source>
        <translation>A&amp;dd somebody</translation>
    </message>
    <message>
        <source>点一行，可以改职责、重设口令或移除</source>
        <translation>Click a row to change roles, set a passphrase or remove</translation>
    </message>
</context>
<context>
    <name>PersonForm</name>
    <message>
        <source>姓名(&amp;N)</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>添加(&amp;A)</source>
        <translation>&amp;Add</translation>
    </message>
    <message>
        <source>保存职责(&amp;S)</source>
        <translation>&amp;Save roles</translation>
    </message>
    <message>
        <source>重设他的口令(&amp;H)</source>
        <translation>Set t&amp;heir passphrase</translation>
    </message>
    <message>
        <source>移除此人(&amp;R)</source>
        <translation>&amp;Remove this person</translation>
    </message>
    <message>
        <source>添加人员</source>
        <translation>Add somebody</translation>
    </message>
    <message>
        <source>强度足够，约%1位</source>
        <translation>Strong enough, about %1 bits</translation>
    </message>
    <message>
        <source>填报、打印、投递</source>
        <translation>fills in, prints, delivers</translation>
    </message>
    <message>
        <source>查看并复核，不能填报</source>
        <translation>reads and approves, fills nothing in</translation>
    </message>
    <message>
        <source>管人和设置，看不到答案</source>
        <translation>people and settings, no answers</translation>
    </message>
    <message>
        <source>看操作记录，看不到答案</source>
        <translation>what was done, no answers</translation>
    </message>
    <message>
        <source>生成口令(&amp;G)</source>
        <translation>&amp;Make a passphrase</translation>
    </message>
    <message>
        <source>本人的口令(&amp;P)</source>
        <translation>Their &amp;passphrase</translation>
    </message>
    <message>
        <source>再输一遍(&amp;I)</source>
        <translation>Aga&amp;in</translation>
    </message>
    <message>
        <source>两次输入不一样</source>
        <translation>The two differ</translation>
    </message>
    <message>
        <source>%1（抽签所得，%2位；请让本人记下）</source>
        <translation>%1 (drawn by lot, %2 bits; let them write it down)</translation>
    </message>
    <message>
        <source>%1：%2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>PhotoField</name>
    <message>
        <source>移除</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>正在加密保存……</source>
        <translation>Encrypting and saving…</translation>
    </message>
    <message>
        <source>已加密保存在本机</source>
        <translation>Kept encrypted on this computer</translation>
    </message>
    <message>
        <source>点这里换一个。</source>
        <translation>Click to change it.</translation>
    </message>
    <message>
        <source>选一张照片</source>
        <translation>Choose a photograph</translation>
    </message>
    <message>
        <source>点这里选文件，或把手机、高拍仪拍的照片拖进来，也可以粘贴。</source>
        <translation>Click to choose a file, or drop or paste a photograph here.</translation>
    </message>
    <message>
        <source>图片 (*.jpg *.jpeg *.png *.bmp *.webp)</source>
        <translation>Pictures (*.jpg *.jpeg *.png *.bmp *.webp)</translation>
    </message>
</context>
<context>
    <name>PointField</name>
    <message>
        <source>请填纬度和经度两个数，例如 33.97, 113.21。</source>
        <translation>Give latitude and longitude, e.g. 33.97, 113.21.</translation>
    </message>
    <message>
        <source>纬度 {latitude}°，经度 {longitude}°</source>
        <translation>Latitude {latitude}°, longitude {longitude}°</translation>
    </message>
    <message>
        <source>纬度, 经度，如 33.97, 113.21</source>
        <translation>latitude, longitude, e.g. 33.97, 113.21</translation>
    </message>
    <message>
        <source>，精度 {metres} 米</source>
        <translation>, accuracy {metres} m</translation>
    </message>
    <message>
        <source>，不够准：要求在 {metres} 米以内</source>
        <translation>, not exact enough: {metres} m or better is asked for</translation>
    </message>
</context>
<context>
    <name>ProgressRow</name>
    <message>
        <source>停止(&amp;X)</source>
        <translation>Stop (&amp;X)</translation>
    </message>
    <message>
        <source>正在停止，请稍候……</source>
        <translation>Stopping, one moment…</translation>
    </message>
    <message>
        <source>暂停(&amp;K)</source>
        <translation>Pause (&amp;K)</translation>
    </message>
    <message>
        <source>继续(&amp;G)</source>
        <translation>Go on (&amp;G)</translation>
    </message>
    <message>
        <source>正在暂停，请稍候……</source>
        <translation>Pausing, one moment…</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>这一题没有更多说明。</source>
        <translation>There is no more help on this question.</translation>
    </message>
    <message>
        <source>这一题必须回答。</source>
        <translation>This question must be answered.</translation>
    </message>
    <message>
        <source>原来的选择已不在选项中，请重新选。</source>
        <translation>The former choice is no longer offered; choose again.</translation>
    </message>
    <message>
        <source>这个答案没有通过核对，请检查。</source>
        <translation>This answer did not pass its check; please look again.</translation>
    </message>
    <message>
        <source>必填</source>
        <translation>required</translation>
    </message>
    <message>
        <source>读给对方听约需 {seconds} 秒</source>
        <translation>Reading it aloud takes about {seconds} seconds</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Help</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>信采</source>
        <translation>Xincai</translation>
    </message>
    <message>
        <source>自愿填报 · 信用承诺</source>
        <translation>Voluntary · Committed</translation>
    </message>
    <message>
        <source>首页</source>
        <translation>Home</translation>
    </message>
    <message>
        <source>新建填报</source>
        <translation>New filling</translation>
    </message>
    <message>
        <source>档案</source>
        <translation>Dossiers</translation>
    </message>
    <message>
        <source>待发箱</source>
        <translation>Outbox</translation>
    </message>
    <message>
        <source>回执与更正</source>
        <translation>Receipts</translation>
    </message>
    <message>
        <source>设置</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>采集任务</source>
        <translation>Assignments</translation>
    </message>
    <message>
        <source>文书</source>
        <translation>Letters</translation>
    </message>
</context>
<context>
    <name>RangeField</name>
    <message>
        <source>直接填数</source>
        <translation>Type the number</translation>
    </message>
    <message>
        <source>未填</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>请填 {first} 到 {last} 之间的数，每档相差 {step}。</source>
        <translation>Give a number from {first} to {last} in steps of {step}.</translation>
    </message>
</context>
<context>
    <name>RankField</name>
    <message>
        <source>上移</source>
        <translation>Move up</translation>
    </message>
    <message>
        <source>下移</source>
        <translation>Move down</translation>
    </message>
    <message>
        <source>就按这个顺序</source>
        <translation>Take this order</translation>
    </message>
    <message>
        <source>清除</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>还没有排序：拖动，或用 Alt+↑、Alt+↓ 移动。</source>
        <translation>Not ranked yet: drag, or move with Alt+↑ and Alt+↓.</translation>
    </message>
</context>
<context>
    <name>ReceiptsErrand</name>
    <message>
        <source>导出到哪个文件夹</source>
        <translation>Export into which folder</translation>
    </message>
    <message numerus="yes">
        <source>已导出 %n 个文件。</source>
        <translation>
            <numerusform>%n file exported.</numerusform>
            <numerusform>%n files exported.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReceiptsPage</name>
    <message>
        <source>回执与更正</source>
        <translation>Receipts</translation>
    </message>
    <message>
        <source>更正任务</source>
        <translation>Corrections</translation>
    </message>
    <message>
        <source>回执</source>
        <translation>Receipts</translation>
    </message>
    <message>
        <source>平台时间</source>
        <translation>Platform time</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>What it says</translation>
    </message>
    <message>
        <source>批次</source>
        <translation>Batch</translation>
    </message>
    <message>
        <source>前置机</source>
        <translation>Gateway</translation>
    </message>
    <message>
        <source>种类</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>还没有回执</source>
        <translation>No receipts yet</translation>
    </message>
    <message>
        <source>投递后，平台签名的回执会存到这里，断网也能查看。</source>
        <translation>After delivery the platform&apos;s signed receipts are kept here, to be read offline too.</translation>
    </message>
    <message>
        <source>没有要更正的填报件。</source>
        <translation>No record needs correcting.</translation>
    </message>
    <message>
        <source>第 %1 版</source>
        <translation>Version %1</translation>
    </message>
    <message>
        <source>看原件</source>
        <translation>See the record</translation>
    </message>
    <message>
        <source>继续更正</source>
        <translation>Go on correcting</translation>
    </message>
    <message>
        <source>去更正</source>
        <translation>Correct</translation>
    </message>
    <message>
        <source>平台已收讫本批，负责保管并逐件审核</source>
        <translation>The platform holds this batch and reviews each record</translation>
    </message>
    <message>
        <source>收讫</source>
        <translation>Custody</translation>
    </message>
    <message>
        <source>证明平台收到了这一批</source>
        <translation>Proof that the platform has the batch</translation>
    </message>
    <message>
        <source>结果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>平台对每一件的答复</source>
        <translation>The platform&apos;s answer for each record</translation>
    </message>
    <message>
        <source>导出回执(&amp;E)</source>
        <translation>&amp;Export receipts</translation>
    </message>
    <message>
        <source>回执和签名按平台发来的原样写出，可供核验。</source>
        <translation>Receipts and signatures are written exactly as they came, to be verified.</translation>
    </message>
</context>
<context>
    <name>RecordErrand</name>
    <message>
        <source>加密件存到哪里</source>
        <translation>Where to save the encrypted record</translation>
    </message>
    <message>
        <source>加密件已写入文件夹“{name}”。</source>
        <translation>The encrypted record was written to the folder “{name}”.</translation>
    </message>
    <message>
        <source>完整报告不遮盖证件号码、账号等，只能当面交给本人或者其受托人；出具会记入日志。</source>
        <translation>A full report masks no identity or account number: hand it to the subject or proxy in person only. That it was made is written down.</translation>
    </message>
    <message>
        <source>出具完整报告(&amp;W)</source>
        <translation>&amp;Write the full report</translation>
    </message>
</context>
<context>
    <name>RecordPage</name>
    <message>
        <source>更正(&amp;C)</source>
        <translation>&amp;Correct</translation>
    </message>
    <message>
        <source>去待发箱(&amp;O)</source>
        <translation>To the &amp;Outbox</translation>
    </message>
    <message>
        <source>封存于 %1</source>
        <translation>Sealed %1</translation>
    </message>
    <message>
        <source>第 %1 版</source>
        <translation>Version %1</translation>
    </message>
    <message>
        <source>版本</source>
        <translation>Versions</translation>
    </message>
    <message>
        <source>核对码</source>
        <translation>Digest</translation>
    </message>
    <message>
        <source>封存内容的 SM3 摘要；内容改动一字，摘要就不同。</source>
        <translation>SM3 digest of what was sealed; change one letter and it differs.</translation>
    </message>
    <message>
        <source>文书</source>
        <translation>Letters</translation>
    </message>
    <message>
        <source>还没有出具文书。</source>
        <translation>No letters yet.</translation>
    </message>
    <message>
        <source>出具%1</source>
        <translation>Write: %1</translation>
    </message>
    <message>
        <source>内容已于 %1 清除。受理回执编号：%2。需要内容时，请凭编号向平台查询。</source>
        <translation>The content was erased on %1. Receipt of acceptance: %2. If the content is needed, ask the platform by this number.</translation>
    </message>
    <message>
        <source>导出加密件(&amp;E)</source>
        <translation>&amp;Export encrypted</translation>
    </message>
    <message>
        <source>本表规定只有表单公钥的持有人能读，不经平台投递。请导出加密件，交给持有人。</source>
        <translation>Only the holder of the form&apos;s public key may read this record, so it is not delivered through the platform. Export it encrypted and hand it to the holder.</translation>
    </message>
    <message>
        <source>正式填报(&amp;F)</source>
        <translation>&amp;Fill in for real</translation>
    </message>
    <message>
        <source>退回原因：%1</source>
        <translation>Returned: %1</translation>
    </message>
    <message>
        <source>主体信息报告</source>
        <translation>Report on the subject</translation>
    </message>
    <message>
        <source>本机保存的、与这个主体有关的全部填报件、文书和回执。本人要求查阅、复制时出具。</source>
        <translation>All records, letters and receipts on this subject that this computer keeps, for subjects who ask to see or copy them.</translation>
    </message>
    <message>
        <source>出具报告（遮盖）</source>
        <translation>Write report (masked)</translation>
    </message>
    <message>
        <source>出具报告（完整）</source>
        <translation>Write report (in full)</translation>
    </message>
</context>
<context>
    <name>RecoveryCard</name>
    <message>
        <source>恢复码</source>
        <translation>Recovery code</translation>
    </message>
    <message>
        <source>恢复码丢了、给别人看过，或者上次没来得及抄下，就生成新的；旧的随即作废。</source>
        <translation>If the code was lost, seen by somebody, or not written down in time, make a new one; the old one then opens nothing.</translation>
    </message>
    <message>
        <source>生成新的恢复码(&amp;V)</source>
        <translation>Make a new reco&amp;very code</translation>
    </message>
    <message>
        <source>打印(&amp;T)</source>
        <translation>Prin&amp;t</translation>
    </message>
    <message>
        <source>核对(&amp;X)</source>
        <translation>Chec&amp;k</translation>
    </message>
    <message>
        <source>照着纸上的输一遍，确认抄对了</source>
        <translation>Type it from the paper, to be sure that it is right</translation>
    </message>
</context>
<context>
    <name>RecoveryStep</name>
    <message>
        <source>保管好恢复码</source>
        <translation>Keep the recovery code safe</translation>
    </message>
    <message>
        <source>忘记口令时，只有它能打开保险库。请打印或抄在纸上，与电脑分开存放；它不会再显示第二次。</source>
        <translation>If the passphrase is forgotten, only this opens the vault. Print it or copy it to paper and keep it away from the computer; it is shown only once.</translation>
    </message>
    <message>
        <source>恢复码</source>
        <translation>Recovery code</translation>
    </message>
    <message>
        <source>打印恢复码(&amp;P)</source>
        <translation>&amp;Print the code</translation>
    </message>
    <message>
        <source>照着纸上的输一遍，确认抄对了(&amp;T)</source>
        <translation>&amp;Type it back from your paper</translation>
    </message>
    <message>
        <source>核对(&amp;X)</source>
        <translation>Check (&amp;X)</translation>
    </message>
</context>
<context>
    <name>RemarksCard</name>
    <message>
        <source>复制清单(&amp;C)</source>
        <translation>&amp;Copy the list</translation>
    </message>
    <message>
        <source>收起(&amp;H)</source>
        <translation>&amp;Hide</translation>
    </message>
    <message numerus="yes">
        <source>“%1”已导入，有 %n 处可以改进</source>
        <translation>
            <numerusform>&quot;%1&quot; was brought in; %n thing could be better</numerusform>
            <numerusform>&quot;%1&quot; was brought in; %n things could be better</numerusform>
        </translation>
    </message>
    <message>
        <source>现在就可以填报。有空时请按下面的提醒修改，换一个更大的版本号再导入。</source>
        <translation>It can be filled in now. When there is time, follow the remarks below, raise the version and bring it in again.</translation>
    </message>
    <message numerus="yes">
        <source>“%1”有 %n 处错误，没有导入</source>
        <translation>
            <numerusform>&quot;%1&quot; has %n mistake and was not brought in</numerusform>
            <numerusform>&quot;%1&quot; has %n mistakes and was not brought in</numerusform>
        </translation>
    </message>
    <message>
        <source>请在原文件中按行列逐处修改，保存后再导入。已有的表单和草稿不受影响。</source>
        <translation>Correct each row and column in the file itself, save it and bring it in again. Forms and drafts that are here are not affected.</translation>
    </message>
    <message>
        <source>错误</source>
        <translation>Error</translation>
    </message>
    <message>
        <source>提醒</source>
        <translation>Remark</translation>
    </message>
</context>
<context>
    <name>RepeatCard</name>
    <message>
        <source>第 {number} 行已删除。</source>
        <translation>Row {number} was deleted.</translation>
    </message>
    <message>
        <source>剪贴板里没有表格行，请先在 Excel 里选中几行复制。</source>
        <translation>The clipboard holds no table rows; copy some in Excel first.</translation>
    </message>
    <message>
        <source>第 {row} 行起没有加上：行数已到上限。</source>
        <translation>From row {row} on nothing was added: no more rows are allowed.</translation>
    </message>
    <message>
        <source>第 {row} 行“{question}”没有读懂：{cell}</source>
        <translation>Row {row}, &quot;{question}&quot;: not understood: {cell}</translation>
    </message>
    <message>
        <source>已粘贴 {count} 行。</source>
        <translation>{count} rows pasted.</translation>
    </message>
    <message>
        <source>……另有 {count} 处</source>
        <translation>… and {count} more</translation>
    </message>
    <message>
        <source>还没有内容，点“添加一行”开始，或从 Excel 粘贴。</source>
        <translation>Nothing yet: click &quot;Add a row&quot;, or paste from Excel.</translation>
    </message>
    <message>
        <source>添加一行</source>
        <translation>Add a row</translation>
    </message>
    <message>
        <source>添加一行：{label}</source>
        <translation>Add a row: {label}</translation>
    </message>
    <message>
        <source>复制这一行</source>
        <translation>Duplicate this row</translation>
    </message>
    <message>
        <source>删除这一行</source>
        <translation>Delete this row</translation>
    </message>
    <message>
        <source>从 Excel 粘贴</source>
        <translation>Paste from Excel</translation>
    </message>
    <message>
        <source>撤销</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>第 {number} 行</source>
        <translation>Row {number}</translation>
    </message>
    <message>
        <source>第 {number} 行，共 {count} 行</source>
        <translation>Row {number} of {count}</translation>
    </message>
    <message>
        <source>正在粘贴</source>
        <translation>Pasting</translation>
    </message>
    <message>
        <source>已停止粘贴，表格和粘贴前一样。</source>
        <translation>Pasting stopped; the table is as it was before.</translation>
    </message>
    <message>
        <source>沿用</source>
        <translation>Copied</translation>
    </message>
    <message>
        <source>这一行有照上次填的内容，请打开核对。</source>
        <translation>Some answers in this row are from last time: open it and check.</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>程序出了差错</source>
        <translation>Something went wrong</translation>
    </message>
    <message>
        <source>程序出了差错，需要关闭</source>
        <translation>Something went wrong and the program must close</translation>
    </message>
    <message>
        <source>这是程序的问题，不是您操作有误。已保存的草稿、填报件和待发批次都完好，重新打开即可继续。</source>
        <translation>This is the program&apos;s fault, not yours. Saved drafts, records and batches are intact; open the program again to go on.</translation>
    </message>
    <message>
        <source>请把下面的报告发给管理员；里面没有您填写的内容、姓名和证件号码。</source>
        <translation>Please send this report to your administrator; it holds no answers, names or identity numbers.</translation>
    </message>
    <message>
        <source>差错报告</source>
        <translation>Report</translation>
    </message>
    <message>
        <source>复制报告(&amp;C)</source>
        <translation>&amp;Copy the report</translation>
    </message>
    <message>
        <source>关闭程序(&amp;X)</source>
        <translation>Close the program (&amp;X)</translation>
    </message>
</context>
<context>
    <name>RestoreErrand</name>
    <message>
        <source>选择备份文件</source>
        <translation>Choose the backup file</translation>
    </message>
    <message>
        <source>信采备份 (*.xcbackup)</source>
        <translation>Xincai backup (*.xcbackup)</translation>
    </message>
    <message>
        <source>恢复完成，内容已核对无误。这是一台新设备，投递前请到“设置”重新登记。</source>
        <translation>Restored and proven good. This is a new device: enrol it in Settings before you deliver.</translation>
    </message>
    <message>
        <source>原来的保险库文件夹没有删除，改名留在：%1</source>
        <translation>The old vault&apos;s folder was not deleted; it is kept under a new name: %1</translation>
    </message>
</context>
<context>
    <name>RestorePage</name>
    <message>
        <source>从备份恢复</source>
        <translation>Restore a backup</translation>
    </message>
    <message>
        <source>把备份里的全部填报件、草稿、文书和回执放到这台电脑。这台电脑成为一台新设备，恢复后请用新的登记码登记；以前已送出的不会重复送。</source>
        <translation>Brings all records, drafts, letters and receipts of the backup to this computer. It becomes a new device: enrol it with a new code afterwards. What was sent before is not sent twice.</translation>
    </message>
    <message>
        <source>选择备份文件(&amp;F)</source>
        <translation>Choose backup &amp;file</translation>
    </message>
    <message>
        <source>备份文件（.xcbackup）</source>
        <translation>Backup file (.xcbackup)</translation>
    </message>
    <message>
        <source>备份那天的口令(&amp;P)</source>
        <translation>&amp;Passphrase on the day of the backup</translation>
    </message>
    <message>
        <source>后来改过口令的，这里要用备份时的那一个。</source>
        <translation>If the passphrase was changed later, the one of that day is needed here.</translation>
    </message>
    <message>
        <source>忘记口令，用恢复码打开(&amp;C)</source>
        <translation>Forgotten: use the recovery &amp;code</translation>
    </message>
    <message>
        <source>恢复(&amp;R)</source>
        <translation>&amp;Restore</translation>
    </message>
    <message>
        <source>备份于 %1</source>
        <translation>Backed up on %1</translation>
    </message>
    <message>
        <source>正在恢复</source>
        <translation>Restoring</translation>
    </message>
    <message>
        <source>原来的保险库文件夹里剩下的东西不会删除：恢复时整个文件夹改名留在旁边，名字带有当天的日期。</source>
        <translation>What is left in the old vault&apos;s folder is not deleted: when restoring, the whole folder is kept beside the new one, under a name with the day&apos;s date.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>封存前再看一遍</source>
        <translation>Look once more before sealing</translation>
    </message>
    <message>
        <source>还不能封存的原因（{count}）</source>
        <translation>What prevents sealing ({count})</translation>
    </message>
    <message>
        <source>不寻常的地方（{count}）</source>
        <translation>Unusual ({count})</translation>
    </message>
    <message>
        <source>这份填报</source>
        <translation>This filling</translation>
    </message>
    <message>
        <source>不影响封存，但请再核对一次。点一下可回到那一题。</source>
        <translation>It does not prevent sealing, but please check. A click leads to the question.</translation>
    </message>
    <message>
        <source>必填的都已答，没有查出错误，可以封存。</source>
        <translation>Everything required is answered and no errors were found; it can be sealed.</translation>
    </message>
    <message>
        <source>还有 {count} 处要处理。点一下就到那一题；已填的都已保存。</source>
        <translation>{count} things are left. A click leads to the question; all answers are saved.</translation>
    </message>
    <message>
        <source>封存后内容不再改变，装批签名后投递；要改就另出更正版，原来的仍然保留。</source>
        <translation>Once sealed it never changes; it is signed into a batch and delivered. A correction makes a new version, and this one is kept.</translation>
    </message>
    <message>
        <source>确认封存</source>
        <translation>Seal</translation>
    </message>
    <message>
        <source>返回填写</source>
        <translation>Back to the form</translation>
    </message>
    <message>
        <source>正在封存……</source>
        <translation>Sealing…</translation>
    </message>
    <message>
        <source>没有填写</source>
        <translation>Not given</translation>
    </message>
    <message>
        <source>{count} 个可不答的题没有回答</source>
        <translation>{count} optional questions are unanswered</translation>
    </message>
    <message>
        <source>选填</source>
        <translation>optional</translation>
    </message>
    <message>
        <source>填报对象</source>
        <translation>Whom it is about</translation>
    </message>
</context>
<context>
    <name>ReviewErrand</name>
    <message>
        <source>已复核，可以报送了。</source>
        <translation>Approved; it can be delivered.</translation>
    </message>
    <message>
        <source>已退回，填报人会在首页看到更正任务。</source>
        <translation>Given back. Whoever filled it in finds a correction to make on the home page.</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>待复核</source>
        <translation>To be approved</translation>
    </message>
    <message>
        <source>信息主体</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>代码</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>表单</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>封存于</source>
        <translation>Sealed</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>查看(&amp;V)</source>
        <translation>&amp;View</translation>
    </message>
    <message>
        <source>复核通过(&amp;Y)</source>
        <translation>Approve (&amp;Y)</translation>
    </message>
    <message>
        <source>没有等您复核的填报件</source>
        <translation>Nothing waits for your approval</translation>
    </message>
    <message>
        <source>双人复核打开后，别人封存的填报件会列在这里。</source>
        <translation>With second looks switched on, what others sealed is listed here.</translation>
    </message>
    <message>
        <source>别人封存、等您复核的填报件。先看内容，再点“复核通过”；有问题的写明原因退回。</source>
        <translation>Records that others sealed and that wait for you. Read first, then approve; give back what is wrong, with the reason.</translation>
    </message>
    <message>
        <source>哪里要改（填报人会看到）</source>
        <translation>What has to be mended (the filler sees it)</translation>
    </message>
    <message>
        <source>退回的原因</source>
        <translation>Reason for giving back</translation>
    </message>
    <message>
        <source>退回更正(&amp;B)</source>
        <translation>Give &amp;back</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>没有唯一对应的选项，请从列表中选一个。</source>
        <translation>No single choice fits; pick one from the list.</translation>
    </message>
    <message>
        <source>输入文字或拼音首字母查找</source>
        <translation>Type text or pinyin initials</translation>
    </message>
</context>
<context>
    <name>SectionButton</name>
    <message numerus="yes">
        <source>有 %n 处需要核对</source>
        <translation>
            <numerusform>%n thing needs checking</numerusform>
            <numerusform>%n things need checking</numerusform>
        </translation>
    </message>
    <message>
        <source>{title}，必填 {required} 项，已答 {done} 项，{problems} 处需要核对</source>
        <translation>{title}: {done} of {required} required answered, {problems} to check</translation>
    </message>
</context>
<context>
    <name>SettingsErrand</name>
    <message>
        <source>口令已更换。恢复码不变，仍然有效。</source>
        <translation>The passphrase was changed. The recovery code stays valid.</translation>
    </message>
    <message>
        <source>演练平台已就绪，资料不会上报。</source>
        <translation>The practice platform is ready; nothing is reported.</translation>
    </message>
    <message>
        <source>登记成功，可以投递了。</source>
        <translation>Enrolled; you can deliver now.</translation>
    </message>
    <message>
        <source>证书 (*.pem *.crt *.cer)</source>
        <translation>Certificates (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>选择证书文件</source>
        <translation>Choose a certificate file</translation>
    </message>
    <message>
        <source>网络设置已保存，下次投递时使用。</source>
        <translation>The network settings are kept and used from the next sending on.</translation>
    </message>
    <message>
        <source>更换后，这台设备今后的批次和文书都用新密钥签名；此前送达的批次和已出的文书仍可核验。需要联网。现在更换吗？</source>
        <translation>From then on a new key signs this device&apos;s batches and letters; batches delivered and letters made before can still be verified. The network is needed. Change it now?</translation>
    </message>
    <message>
        <source>更换设备密钥(&amp;C)</source>
        <translation>&amp;Change this device&apos;s key</translation>
    </message>
    <message>
        <source>设备密钥已更换。</source>
        <translation>This device&apos;s key was changed.</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>设置</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>还没有登记。向县级管理员要一次性登记码，填在下面。</source>
        <translation>Not enrolled. Ask your county administrator for a one-time code and enter it below.</translation>
    </message>
    <message>
        <source>已登记到本机的演练平台；资料不会上报。</source>
        <translation>Enrolled at the practice platform on this computer; nothing is reported.</translation>
    </message>
    <message>
        <source>已登记到 %1，机构 %2，设备公钥编号 %3。</source>
        <translation>Enrolled at %1, office %2, device key %3.</translation>
    </message>
    <message>
        <source>标准</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>大</source>
        <translation>Large</translation>
    </message>
    <message>
        <source>特大</source>
        <translation>Larger</translation>
    </message>
    <message>
        <source>界面语言(&amp;G)</source>
        <translation>Lan&amp;guage</translation>
    </message>
    <message>
        <source>字号(&amp;Z)</source>
        <translation>Text si&amp;ze</translation>
    </message>
    <message>
        <source>身份和联网</source>
        <translation>Identity and connection</translation>
    </message>
    <message>
        <source>登记(&amp;E)</source>
        <translation>&amp;Enrol</translation>
    </message>
    <message>
        <source>进入演练模式(&amp;D)</source>
        <translation>Practice mo&amp;de</translation>
    </message>
    <message>
        <source>更换口令</source>
        <translation>Change passphrase</translation>
    </message>
    <message>
        <source>现在的口令(&amp;O)</source>
        <translation>&amp;Old passphrase</translation>
    </message>
    <message>
        <source>新口令(&amp;N)</source>
        <translation>&amp;New passphrase</translation>
    </message>
    <message>
        <source>再输一遍新口令(&amp;A)</source>
        <translation>New passphrase &amp;again</translation>
    </message>
    <message>
        <source>两次输入不一样</source>
        <translation>The two differ</translation>
    </message>
    <message>
        <source>更换口令(&amp;H)</source>
        <translation>C&amp;hange passphrase</translation>
    </message>
    <message>
        <source>关于信采</source>
        <translation>About Xincai</translation>
    </message>
    <message>
        <source>自愿填报、信用承诺的加密离线客户端。</source>
        <translation>Encrypted, offline-capable client for voluntary filing and credit commitments.</translation>
    </message>
    <message>
        <source>备份与恢复</source>
        <translation>Backup and restore</translation>
    </message>
    <message>
        <source>备份到U盘、换一台电脑、受理后清除内容，都在这里。</source>
        <translation>Backing up to a stick, moving to another computer and erasing what was accepted are all here.</translation>
    </message>
    <message>
        <source>备份与恢复(&amp;B)</source>
        <translation>&amp;Backup and restore</translation>
    </message>
    <message>
        <source>人员与权限</source>
        <translation>People and rights</translation>
    </message>
    <message>
        <source>几个人合用这台电脑、换新的恢复码、请县里托管钥匙，都在这里。</source>
        <translation>Several people at one computer, a new recovery code, a key kept by the county: all of it is here.</translation>
    </message>
    <message>
        <source>人员与权限(&amp;P)</source>
        <translation>&amp;People and rights</translation>
    </message>
    <message>
        <source>操作记录</source>
        <translation>Activity log</translation>
    </message>
    <message>
        <source>谁在什么时候做过什么；可以筛选、核验和导出，不含填报内容。</source>
        <translation>Who did what and when; can be filtered, proven and exported. No answers.</translation>
    </message>
    <message>
        <source>查看操作记录(&amp;J)</source>
        <translation>See the activity log (&amp;J)</translation>
    </message>
    <message>
        <source>网络</source>
        <translation>Network</translation>
    </message>
    <message>
        <source>代理地址(&amp;Y)</source>
        <translation>Prox&amp;y address</translation>
    </message>
    <message>
        <source>代理用户名</source>
        <translation>Proxy user name</translation>
    </message>
    <message>
        <source>代理密码</source>
        <translation>Proxy password</translation>
    </message>
    <message>
        <source>保存代理</source>
        <translation>Keep the proxy</translation>
    </message>
    <message>
        <source>选用县里的根证书…</source>
        <translation>Choose the county&apos;s root certificate…</translation>
    </message>
    <message>
        <source>恢复通用根证书</source>
        <translation>Trust the usual ones again</translation>
    </message>
    <message>
        <source>选用单位证书…</source>
        <translation>Choose this office&apos;s certificate…</translation>
    </message>
    <message>
        <source>不出示单位证书</source>
        <translation>Show no certificate</translation>
    </message>
    <message>
        <source>只信任县里的根证书。</source>
        <translation>Only the county&apos;s root certificate is trusted.</translation>
    </message>
    <message>
        <source>信任通用的根证书。</source>
        <translation>The usual root certificates are trusted.</translation>
    </message>
    <message>
        <source>已选用单位证书。</source>
        <translation>This office&apos;s certificate is chosen.</translation>
    </message>
    <message>
        <source>没有选用单位证书。</source>
        <translation>No certificate of this office is chosen.</translation>
    </message>
    <message>
        <source>更换设备密钥</source>
        <translation>Change this device&apos;s key</translation>
    </message>
    <message>
        <source>投递</source>
        <translation>Deliveries</translation>
    </message>
    <message>
        <source>打开后，开锁、封存和恢复联网时自动签名装批并投递；演练时不自动投递。</source>
        <translation>When on, what waits is signed and delivered by itself after unlocking, after sealing and when the network is back; never in practice.</translation>
    </message>
    <message>
        <source>联网时自动投递</source>
        <translation>Deliver by itself when online</translation>
    </message>
    <message>
        <source>按流量计费的网络（如手机热点）也自动投递</source>
        <translation>Also on networks paid for by volume, such as a phone&apos;s hotspot</translation>
    </message>
    <message>
        <source>不限</source>
        <translation>No limit</translation>
    </message>
    <message>
        <source>上传限速</source>
        <translation>Upload limit</translation>
    </message>
    <message>
        <source>给同一条线路上的其他人留出余地；下次投递起用。</source>
        <translation>Leaves room for others on the same line; in use from the next delivery on.</translation>
    </message>
    <message>
        <source>一般不用填：代理按系统设置走。系统里没有设，或县里有自己的根证书时才填；密码只存在加密库里。</source>
        <translation>Usually left empty: the system&apos;s proxy settings are followed. Fill it in where the system has none, or the county its own root certificate; the password is kept in the encrypted vault alone.</translation>
    </message>
    <message>
        <source>屏幕</source>
        <translation>Screen</translation>
    </message>
    <message>
        <source>%1 分钟</source>
        <translation>%1 minutes</translation>
    </message>
    <message>
        <source>无人操作多久后锁定(&amp;W)</source>
        <translation>Lock &amp;when untouched for</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>需要核对（{count}）</source>
        <translation>To check ({count})</translation>
    </message>
    <message>
        <source>另有 {count} 个必填项还没有答。</source>
        <translation>{count} more required answers are missing.</translation>
    </message>
    <message>
        <source>没有问题，可以检查并封存。</source>
        <translation>No problems; ready to check and seal.</translation>
    </message>
    <message>
        <source>信息主体</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>还没有填写</source>
        <translation>Nothing filled in yet</translation>
    </message>
    <message>
        <source>填写说明</source>
        <translation>Notes</translation>
    </message>
    <message>
        <source>快捷键</source>
        <translation>Keys</translation>
    </message>
    <message>
        <source>回车 下一题
Ctrl+↓ 下一部分
F8 下一个问题
数字键 选选项
Ctrl+D 复制一行
Ctrl+Z 撤销</source>
        <translation>Enter next question
Ctrl+↓ next section
F8 next problem
Digits pick a choice
Ctrl+D duplicate row
Ctrl+Z undo</translation>
    </message>
</context>
<context>
    <name>SignatureField</name>
    <message>
        <source>笔画太少，还不能算签名，请写完整的姓名。</source>
        <translation>Too few strokes for a signature; please write the full name.</translation>
    </message>
    <message>
        <source>请本人在这里签名</source>
        <translation>Sign here in person</translation>
    </message>
    <message>
        <source>撤销一笔</source>
        <translation>Undo a stroke</translation>
    </message>
    <message>
        <source>重新签名</source>
        <translation>Sign again</translation>
    </message>
    <message>
        <source>清除</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>签名已加密保存</source>
        <translation>The signature is kept encrypted</translation>
    </message>
    <message>
        <source>在这里画</source>
        <translation>Draw here</translation>
    </message>
</context>
<context>
    <name>SpotField</name>
    <message>
        <source>点一下定在这里，滚轮缩放，右键拖动平移。</source>
        <translation>Click to set the place; the wheel zooms, the right button moves the view.</translation>
    </message>
    <message>
        <source>先在上面填一个坐标，图上就显示那里。</source>
        <translation>Type a coordinate above first, and the board shows it.</translation>
    </message>
</context>
<context>
    <name>Strip</name>
    <message>
        <source>检查并封存</source>
        <translation>Check and seal</translation>
    </message>
    <message>
        <source>更正 第 {version} 版</source>
        <translation>Correction, version {version}</translation>
    </message>
    <message>
        <source>边填边存，随时可以离开</source>
        <translation>Saved as you type; leave at any time</translation>
    </message>
    <message>
        <source>已保存 {time}</source>
        <translation>Saved {time}</translation>
    </message>
</context>
<context>
    <name>Stripe</name>
    <message>
        <source>演练模式</source>
        <translation>Practice mode</translation>
    </message>
    <message>
        <source>演练模式：资料不会上报</source>
        <translation>PRACTICE: nothing is reported</translation>
    </message>
</context>
<context>
    <name>TextField</name>
    <message>
        <source>已输入 {count} 位</source>
        <translation>{count} characters</translation>
    </message>
    <message>
        <source>隐藏号码</source>
        <translation>Hide the number</translation>
    </message>
    <message>
        <source>显示号码</source>
        <translation>Show the number</translation>
    </message>
</context>
<context>
    <name>TimeField</name>
    <message>
        <source>没有这样的时间，请按 930 或 9:30 的样子填写。</source>
        <translation>There is no such time; write it like 930 or 9:30.</translation>
    </message>
    <message>
        <source>如 930 或 9:30</source>
        <translation>e.g. 930 or 9:30</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>返回（Alt+←）</source>
        <translation>Back (Alt+←)</translation>
    </message>
    <message>
        <source>演练</source>
        <translation>Practice</translation>
    </message>
    <message>
        <source>演练模式：数据只送到本机的演练平台，不会上报。</source>
        <translation>Practice: data goes to the practice platform on this computer only.</translation>
    </message>
    <message>
        <source>切换语言</source>
        <translation>Switch language</translation>
    </message>
    <message>
        <source>锁定(&amp;L)</source>
        <translation>&amp;Lock</translation>
    </message>
    <message>
        <source>关闭保险库，离开座位时使用（Ctrl+L）</source>
        <translation>Close the vault when you leave your seat (Ctrl+L)</translation>
    </message>
    <message>
        <source>交还主体填写(&amp;J)</source>
        <translation>Hand over (&amp;J)</translation>
    </message>
    <message>
        <source>只显示这一份填报，全屏；输入口令才能回来。</source>
        <translation>Shows this filling alone, full screen; the passphrase leads back.</translation>
    </message>
    <message>
        <source>查找</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>查找页面、表单、草稿和填报件（Ctrl+K）</source>
        <translation>Find pages, forms, drafts and records (Ctrl+K)</translation>
    </message>
    <message>
        <source>离开填报</source>
        <translation>Leave filling</translation>
    </message>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>离开这份填报，已填的都存着（Alt+←）</source>
        <translation>Leave this filling; everything entered is saved (Alt+Left)</translation>
    </message>
</context>
<context>
    <name>TypedField</name>
    <message>
        <source>没有看懂这里填的内容，请重新填写。</source>
        <translation>This was not understood; please fill it in again.</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>打开保险库</source>
        <translation>Open the vault</translation>
    </message>
    <message>
        <source>填报资料加密保存在本机，输入口令后可见。</source>
        <translation>Your records are kept encrypted on this computer; the passphrase opens them.</translation>
    </message>
    <message>
        <source>正在打开……</source>
        <translation>Opening…</translation>
    </message>
    <message>
        <source>打开(&amp;O)</source>
        <translation>&amp;Open</translation>
    </message>
    <message>
        <source>忘记口令，用恢复码打开(&amp;F)</source>
        <translation>&amp;Forgot it? Use the recovery code</translation>
    </message>
    <message>
        <source>口令(&amp;P)</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>改用口令(&amp;B)</source>
        <translation>&amp;Back to the passphrase</translation>
    </message>
    <message>
        <source>恢复码(&amp;R)</source>
        <translation>&amp;Recovery code</translation>
    </message>
    <message>
        <source>两次输入不一样</source>
        <translation>The two differ</translation>
    </message>
    <message>
        <source>保险库已打开，请设一个新口令</source>
        <translation>The vault is open; choose a new passphrase</translation>
    </message>
    <message>
        <source>新口令(&amp;N)</source>
        <translation>&amp;New passphrase</translation>
    </message>
    <message>
        <source>再输一遍(&amp;A)</source>
        <translation>&amp;Again</translation>
    </message>
    <message>
        <source>设为新口令(&amp;S)</source>
        <translation>&amp;Set the passphrase</translation>
    </message>
    <message>
        <source>暂不更换(&amp;K)</source>
        <translation>&amp;Keep the old one</translation>
    </message>
    <message>
        <source>首次使用时打印或抄下的那一串；大小写和连字符都不要紧。</source>
        <translation>The code you printed or copied on the first day; capitals and hyphens do not matter.</translation>
    </message>
    <message>
        <source>用系统钥匙串打开(&amp;Y)</source>
        <translation>Open with the system&apos;s ke&amp;ychain</translation>
    </message>
    <message>
        <source>从备份恢复(&amp;V)</source>
        <translation>Restore a back&amp;up</translation>
    </message>
</context>
<context>
    <name>UpkeepErrand</name>
    <message>
        <source>备份到哪个文件夹（建议选U盘）</source>
        <translation>Folder for the backup (a stick is best)</translation>
    </message>
    <message>
        <source>已停止，没有留下半份备份。</source>
        <translation>Stopped. No half-made backup was left.</translation>
    </message>
    <message>
        <source>备份完成，已打开核对无误：%1</source>
        <translation>Backup made, opened and proven good: %1</translation>
    </message>
    <message>
        <source>现在清除这份填报件的内容？清除后不能恢复，只留编号、核对码和回执。</source>
        <translation>Erase the content of this record now? It cannot be brought back; number, digest and receipt remain.</translation>
    </message>
    <message>
        <source>清除内容(&amp;E)</source>
        <translation>&amp;Erase content</translation>
    </message>
</context>
<context>
    <name>UpkeepPage</name>
    <message>
        <source>备份与恢复</source>
        <translation>Backup and restore</translation>
    </message>
    <message>
        <source>正在备份</source>
        <translation>Backing up</translation>
    </message>
    <message>
        <source>备份到U盘或另一块盘</source>
        <translation>Back up to a stick or another disk</translation>
    </message>
    <message>
        <source>备份是一个加密文件，用今天的口令或恢复码才能打开。写完会重新打开核对，核对不上不算备份。请与电脑分开存放。</source>
        <translation>A backup is one encrypted file that today&apos;s passphrase or the recovery code opens. Once written it is opened and checked; what does not check is no backup. Keep it apart from the computer.</translation>
    </message>
    <message>
        <source>立即备份(&amp;B)</source>
        <translation>&amp;Back up now</translation>
    </message>
    <message>
        <source>不提醒</source>
        <translation>Never</translation>
    </message>
    <message>
        <source>多久没有备份时在首页提醒(&amp;R)</source>
        <translation>&amp;Remind me on Home when there was no backup for</translation>
    </message>
    <message>
        <source>换一台电脑，或从备份恢复</source>
        <translation>Move to another computer, or restore a backup</translation>
    </message>
    <message>
        <source>受理后清除内容</source>
        <translation>Erase content once accepted</translation>
    </message>
    <message>
        <source>平台回执确认受理并满期限后，本机清除填报内容、文书和附件，只留编号、核对码和回执。清除前 7 天列在下面；清除后不能恢复，以前的备份里仍然有。</source>
        <translation>Once the platform&apos;s receipt says accepted and the time is over, answers, letters and attachments are erased here; number, digest and receipt remain. What is to go is listed below 7 days before. It cannot be brought back; earlier backups still hold it.</translation>
    </message>
    <message>
        <source>不清除，一直保留</source>
        <translation>Never, keep everything</translation>
    </message>
    <message>
        <source>受理多久后清除(&amp;E)</source>
        <translation>&amp;Erase after acceptance by</translation>
    </message>
    <message>
        <source>近期没有要清除的填报件。</source>
        <translation>Nothing is to be erased soon.</translation>
    </message>
    <message numerus="yes">
        <source>还有 %n 件。</source>
        <translation>
            <numerusform>And %n more.</numerusform>
            <numerusform>And %n more.</numerusform>
        </translation>
    </message>
    <message>
        <source>已选择保留</source>
        <translation>kept</translation>
    </message>
    <message>
        <source>%1 起清除</source>
        <translation>erased from %1 on</translation>
    </message>
    <message>
        <source>取消保留</source>
        <translation>Let it go</translation>
    </message>
    <message>
        <source>保留内容</source>
        <translation>Keep content</translation>
    </message>
    <message>
        <source>现在清除</source>
        <translation>Erase now</translation>
    </message>
</context>
<context>
    <name>WaysCard</name>
    <message>
        <source>复核和其他打开方式</source>
        <translation>Second looks and other ways in</translation>
    </message>
    <message>
        <source>双人复核：封存后要由另一位复核员复核，才能报送</source>
        <translation>Second look: a sealed record is delivered only after another person has approved it</translation>
    </message>
    <message>
        <source>本系统账户登录后，可以用系统钥匙串打开（口令照常有效）</source>
        <translation>Let this system account&apos;s keychain open the vault (the passphrase works as before)</translation>
    </message>
    <message>
        <source>导入县级公钥(&amp;M)</source>
        <translation>I&amp;mport the county&apos;s key</translation>
    </message>
    <message>
        <source>导出托管信封(&amp;F)</source>
        <translation>Export the envelope</translation>
    </message>
    <message>
        <source>取消托管(&amp;Q)</source>
        <translation>End escrow</translation>
    </message>
    <message>
        <source>已托管：县级公钥编号 %1 可以打开本保险库。</source>
        <translation>In escrow: the county&apos;s key %1 can open this vault.</translation>
    </message>
    <message>
        <source>没有托管：口令和恢复码都丢失时，资料无法找回。</source>
        <translation>No escrow: if passphrase and recovery code are both lost, nobody can open this vault.</translation>
    </message>
</context>
<context>
    <name>WhoStep</name>
    <message>
        <source>您是谁</source>
        <translation>Who are you</translation>
    </message>
    <message>
        <source>决定首页先给您看什么；以后可以在别的电脑上另建。</source>
        <translation>It decides what Home shows first; you can set up another vault on another computer.</translation>
    </message>
    <message>
        <source>填报人：为自己的企业、合作社、集体或农场申报</source>
        <translation>Filer: I file for my own firm, cooperative, collective or farm</translation>
    </message>
    <message>
        <source>采集员：到村到户，现场采集农户、地块、保险资料</source>
        <translation>Officer: I visit villages and capture households, parcels and insurance</translation>
    </message>
    <message>
        <source>窗口人员：在服务大厅帮助群众和企业填报</source>
        <translation>Clerk: I help people and firms file in a service hall</translation>
    </message>
    <message>
        <source>主体类型(&amp;K)</source>
        <translation>&amp;Kind of subject</translation>
    </message>
    <message>
        <source>姓名或名称(&amp;N)</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>所在机构(&amp;I)</source>
        <translation>Off&amp;ice</translation>
    </message>
    <message>
        <source>例如：柳河镇农业服务中心</source>
        <translation>For example: Liuhe Township Agricultural Service</translation>
    </message>
    <message>
        <source>下一步(&amp;X)</source>
        <translation>Ne&amp;xt</translation>
    </message>
    <message>
        <source>从备份恢复(&amp;R)</source>
        <translation>&amp;Restore a backup</translation>
    </message>
    <message>
        <source>换了电脑，或重装了系统：用U盘上的备份文件接着用。</source>
        <translation>Another computer or a fresh system: go on from the backup on your stick.</translation>
    </message>
</context>
<context>
    <name>ask</name>
    <message>
        <source>请确认</source>
        <translation>Please confirm</translation>
    </message>
    <message>
        <source>返回(&amp;B)</source>
        <translation>&amp;Back</translation>
    </message>
</context>
<context>
    <name>chosen</name>
    <message>
        <source>看大图</source>
        <translation>See it large</translation>
    </message>
    <message>
        <source>播放</source>
        <translation>Play</translation>
    </message>
</context>
<context>
    <name>medium</name>
    <message>
        <source>这段录音或录像没有随表单一起带来。</source>
        <translation>The form came without this sound or video.</translation>
    </message>
    <message>
        <source>这台电脑没有能播放它的程序。</source>
        <translation>No program on this computer can play it.</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>草稿</source>
        <translation>Draft</translation>
    </message>
    <message>
        <source>已封存</source>
        <translation>Sealed</translation>
    </message>
    <message>
        <source>待发送</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>结果未知</source>
        <translation>Unknown</translation>
    </message>
    <message>
        <source>已收讫</source>
        <translation>Received</translation>
    </message>
    <message>
        <source>已受理</source>
        <translation>Accepted</translation>
    </message>
    <message>
        <source>退回更正</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>还没有封存，可以继续填写；每答一题都会自动保存。</source>
        <translation>Not sealed yet; go on filling. Every answer is saved at once.</translation>
    </message>
    <message>
        <source>内容不再改变，等待签名装批。</source>
        <translation>It no longer changes and waits to be signed into a batch.</translation>
    </message>
    <message>
        <source>已签名装批，联网后投递。</source>
        <translation>Signed into a batch; deliver it when online.</translation>
    </message>
    <message>
        <source>已开始发送，但还没有收到回执；再次投递不会重复。</source>
        <translation>Sending began but no receipt came; delivering again doubles nothing.</translation>
    </message>
    <message>
        <source>平台已收到，正在逐件审核。</source>
        <translation>The platform has it and reviews each record.</translation>
    </message>
    <message>
        <source>平台已受理，无需再做什么。</source>
        <translation>The platform accepted it; nothing more to do.</translation>
    </message>
    <message>
        <source>已有结果</source>
        <translation>Settled</translation>
    </message>
    <message>
        <source>已搁置</source>
        <translation>Set aside</translation>
    </message>
    <message>
        <source>联网后点“投递”，或导出到U盘交给平台。</source>
        <translation>Deliver when online, or export it to a stick for the platform.</translation>
    </message>
    <message>
        <source>平台已逐件答复，结果见回执。</source>
        <translation>The platform answered for each record; see the receipts.</translation>
    </message>
    <message>
        <source>这一批有问题，已单独放开，不影响其他批次；请联系平台。</source>
        <translation>Something is wrong with this batch; it is set aside and blocks no other. Ask the platform.</translation>
    </message>
    <message>
        <source>信用承诺书</source>
        <translation>Credit commitment</translation>
    </message>
    <message>
        <source>信息查询授权书</source>
        <translation>Authorisation to query</translation>
    </message>
    <message>
        <source>填报回执单</source>
        <translation>Filing receipt</translation>
    </message>
    <message>
        <source>采集员</source>
        <translation>Officer</translation>
    </message>
    <message>
        <source>填报人</source>
        <translation>Filer</translation>
    </message>
    <message>
        <source>窗口人员</source>
        <translation>Clerk</translation>
    </message>
    <message>
        <source>企业</source>
        <translation>Enterprise</translation>
    </message>
    <message>
        <source>个体工商户</source>
        <translation>Sole trader</translation>
    </message>
    <message>
        <source>农民专业合作社</source>
        <translation>Farmers&apos; cooperative</translation>
    </message>
    <message>
        <source>农村集体经济组织</source>
        <translation>Rural collective</translation>
    </message>
    <message>
        <source>家庭农场</source>
        <translation>Family farm</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Household</translation>
    </message>
    <message>
        <source>自主申报</source>
        <translation>Own declaration</translation>
    </message>
    <message>
        <source>现场采集</source>
        <translation>Captured on site</translation>
    </message>
    <message>
        <source>承诺与授权</source>
        <translation>Commitments and authorisations</translation>
    </message>
    <message>
        <source>正在连接平台</source>
        <translation>Connecting to the platform</translation>
    </message>
    <message>
        <source>正在上传资料</source>
        <translation>Uploading</translation>
    </message>
    <message>
        <source>正在提交批次</source>
        <translation>Submitting the batch</translation>
    </message>
    <message>
        <source>正在取回回执</source>
        <translation>Fetching receipts</translation>
    </message>
    <message>
        <source>受理 %1 件</source>
        <translation>%1 accepted</translation>
    </message>
    <message>
        <source>受理 %1 件，退回 %2 件</source>
        <translation>%1 accepted, %2 returned</translation>
    </message>
    <message>
        <source>没有收到回执；再投递一次即可，不会重复。</source>
        <translation>No receipt came; deliver again, nothing is doubled.</translation>
    </message>
    <message>
        <source>已有收讫回执；稍后再投递一次，取回逐件结果。</source>
        <translation>Received; deliver again later for the outcome.</translation>
    </message>
    <message>
        <source>%1 表</source>
        <translation>sheet %1</translation>
    </message>
    <message>
        <source>第 %1 行</source>
        <translation>row %1</translation>
    </message>
    <message>
        <source>%1 列</source>
        <translation>column %1</translation>
    </message>
    <message>
        <source>已清除</source>
        <translation>Erased</translation>
    </message>
    <message>
        <source>平台已受理并满保留期限，内容已清除；编号、核对码和回执还在。</source>
        <translation>Accepted, and its time is over: the content was erased. Number, digest and receipt remain.</translation>
    </message>
    <message>
        <source>复核员</source>
        <translation>Reviewer</translation>
    </message>
    <message>
        <source>管理员</source>
        <translation>Administrator</translation>
    </message>
    <message>
        <source>审计员</source>
        <translation>Auditor</translation>
    </message>
    <message>
        <source>核对身份或证件</source>
        <translation>Check identity or papers</translation>
    </message>
    <message>
        <source>处理更正</source>
        <translation>Work on a correction</translation>
    </message>
    <message>
        <source>核对文书</source>
        <translation>Check a letter</translation>
    </message>
    <message>
        <source>主体查询或异议</source>
        <translation>The subject asks or objects</translation>
    </message>
    <message>
        <source>其他（请说明）</source>
        <translation>Other (please explain)</translation>
    </message>
    <message>
        <source>建立保险库</source>
        <translation>Vault made</translation>
    </message>
    <message>
        <source>封存填报件</source>
        <translation>Record sealed</translation>
    </message>
    <message>
        <source>记下封存人</source>
        <translation>Sealer noted</translation>
    </message>
    <message>
        <source>收存表单</source>
        <translation>Form kept</translation>
    </message>
    <message>
        <source>启用导入的表单</source>
        <translation>Imported form offered</translation>
    </message>
    <message>
        <source>停用导入的表单</source>
        <translation>Imported form withdrawn</translation>
    </message>
    <message>
        <source>出具文书</source>
        <translation>Letter made</translation>
    </message>
    <message>
        <source>签名装批</source>
        <translation>Batch signed</translation>
    </message>
    <message>
        <source>开始投递</source>
        <translation>Delivery begun</translation>
    </message>
    <message>
        <source>收到回执</source>
        <translation>Receipt taken in</translation>
    </message>
    <message>
        <source>批次被搁置</source>
        <translation>Batch set aside</translation>
    </message>
    <message>
        <source>设备登记</source>
        <translation>Device enrolled</translation>
    </message>
    <message>
        <source>更换口令</source>
        <translation>Passphrase changed</translation>
    </message>
    <message>
        <source>更换恢复码</source>
        <translation>Recovery code changed</translation>
    </message>
    <message>
        <source>增加开锁方式</source>
        <translation>Way in added</translation>
    </message>
    <message>
        <source>人员变动</source>
        <translation>People changed</translation>
    </message>
    <message>
        <source>复核通过</source>
        <translation>Approved</translation>
    </message>
    <message>
        <source>复核要求变动</source>
        <translation>Second look switched</translation>
    </message>
    <message>
        <source>县级托管变动</source>
        <translation>County escrow changed</translation>
    </message>
    <message>
        <source>启用系统钥匙串</source>
        <translation>Keychain switched on</translation>
    </message>
    <message>
        <source>停用系统钥匙串</source>
        <translation>Keychain switched off</translation>
    </message>
    <message>
        <source>查看完整内容</source>
        <translation>Masked answer shown</translation>
    </message>
    <message>
        <source>交还主体填写</source>
        <translation>Handed to the subject</translation>
    </message>
    <message>
        <source>收回电脑</source>
        <translation>Taken back</translation>
    </message>
    <message>
        <source>备份</source>
        <translation>Backup</translation>
    </message>
    <message>
        <source>从备份恢复</source>
        <translation>Restore a backup</translation>
    </message>
    <message>
        <source>保存期限变动</source>
        <translation>Retention changed</translation>
    </message>
    <message>
        <source>到期清除内容</source>
        <translation>Content erased</translation>
    </message>
    <message>
        <source>内容改为保留</source>
        <translation>Content to be kept</translation>
    </message>
    <message>
        <source>内容不再保留</source>
        <translation>Content no longer kept</translation>
    </message>
    <message>
        <source>电脑时间跳动</source>
        <translation>Clock jumped</translation>
    </message>
    <message>
        <source>导出操作记录</source>
        <translation>Activity log exported</translation>
    </message>
    <message>
        <source>核对文件 head.json 不见了，已重新生成</source>
        <translation>Check file head.json was gone, made anew</translation>
    </message>
    <message>
        <source>发现历史对不上</source>
        <translation>History found not to add up</translation>
    </message>
    <message>
        <source>决定按现状继续</source>
        <translation>Decided to go on as it is</translation>
    </message>
    <message>
        <source>生成设备密钥</source>
        <translation>Device key made</translation>
    </message>
    <message>
        <source>更换设备密钥</source>
        <translation>Device key changed</translation>
    </message>
    <message>
        <source>填报件</source>
        <translation>record</translation>
    </message>
    <message>
        <source>版本</source>
        <translation>version</translation>
    </message>
    <message>
        <source>题项</source>
        <translation>question</translation>
    </message>
    <message>
        <source>原因</source>
        <translation>reason</translation>
    </message>
    <message>
        <source>批次</source>
        <translation>batch</translation>
    </message>
    <message>
        <source>批次序号</source>
        <translation>sequence</translation>
    </message>
    <message>
        <source>回执</source>
        <translation>receipt</translation>
    </message>
    <message>
        <source>回执种类</source>
        <translation>receipt kind</translation>
    </message>
    <message>
        <source>表单</source>
        <translation>form</translation>
    </message>
    <message>
        <source>文书</source>
        <translation>letter</translation>
    </message>
    <message>
        <source>编号</source>
        <translation>number</translation>
    </message>
    <message>
        <source>种类</source>
        <translation>kind</translation>
    </message>
    <message>
        <source>途径</source>
        <translation>way</translation>
    </message>
    <message>
        <source>设备</source>
        <translation>device</translation>
    </message>
    <message>
        <source>密钥编号</source>
        <translation>key</translation>
    </message>
    <message>
        <source>修订</source>
        <translation>revision</translation>
    </message>
    <message>
        <source>对谁</source>
        <translation>whom</translation>
    </message>
    <message>
        <source>数量</source>
        <translation>count</translation>
    </message>
    <message>
        <source>问题</source>
        <translation>problem</translation>
    </message>
    <message>
        <source>位置</source>
        <translation>place</translation>
    </message>
    <message>
        <source>启用</source>
        <translation>on</translation>
    </message>
    <message>
        <source>天数</source>
        <translation>days</translation>
    </message>
    <message>
        <source>从</source>
        <translation>from</translation>
    </message>
    <message>
        <source>到</source>
        <translation>to</translation>
    </message>
    <message>
        <source>保险库</source>
        <translation>vault</translation>
    </message>
    <message>
        <source>摘要</source>
        <translation>digest</translation>
    </message>
    <message>
        <source>字节数</source>
        <translation>bytes</translation>
    </message>
    <message>
        <source>填写时查看</source>
        <translation>looked at while filling</translation>
    </message>
    <message>
        <source>不愿提供</source>
        <translation>Not willing</translation>
    </message>
    <message>
        <source>没有条件</source>
        <translation>Not possible</translation>
    </message>
    <message>
        <source>不需要</source>
        <translation>Not needed</translation>
    </message>
    <message>
        <source>未提供位置或录音</source>
        <translation>Position or recording not given</translation>
    </message>
    <message>
        <source>演练</source>
        <translation>Practice</translation>
    </message>
    <message>
        <source>已说明退回的原因，请更正后重新封存。</source>
        <translation>The reason is given; correct it and seal it again.</translation>
    </message>
    <message>
        <source>演练时填的，不会报送；要报送请正式填报。</source>
        <translation>Made for practice and never sent; to report it, fill it in for real.</translation>
    </message>
    <message>
        <source>演练批次，不报送</source>
        <translation>A practice batch; it is not sent</translation>
    </message>
    <message>
        <source>复核退回</source>
        <translation>Given back at review</translation>
    </message>
    <message>
        <source>真实性承诺书</source>
        <translation>Commitment to truth</translation>
    </message>
    <message>
        <source>告知同意书</source>
        <translation>Notice and consent</translation>
    </message>
    <message>
        <source>异议申请表</source>
        <translation>Objection</translation>
    </message>
    <message>
        <source>信用修复申请表</source>
        <translation>Credit repair</translation>
    </message>
    <message>
        <source>白名单申报表</source>
        <translation>White list nomination</translation>
    </message>
    <message>
        <source>撤回与删除申请表</source>
        <translation>Withdrawal and deletion</translation>
    </message>
    <message>
        <source>填报信息签字页</source>
        <translation>Summary for signature</translation>
    </message>
    <message>
        <source>委托书</source>
        <translation>Mandate</translation>
    </message>
    <message>
        <source>宣读见证单</source>
        <translation>Reading-aloud sheet</translation>
    </message>
    <message>
        <source>主体信息报告</source>
        <translation>Report on the subject</translation>
    </message>
    <message>
        <source>批次交接单</source>
        <translation>Batch slip</translation>
    </message>
    <message>
        <source>纸质签署扫描件</source>
        <translation>Scan of the signed letter</translation>
    </message>
    <message>
        <source>相符</source>
        <translation>Agrees</translation>
    </message>
    <message>
        <source>注意</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>不符</source>
        <translation>Differs</translation>
    </message>
    <message>
        <source>未核对</source>
        <translation>Not checked</translation>
    </message>
    <message>
        <source>二维码的签名有效，编号、主体和数据摘要没有改动。</source>
        <translation>The seal&apos;s signature is good: number, subject and digest are unchanged.</translation>
    </message>
    <message>
        <source>本机存有这份文书的原件。</source>
        <translation>This computer holds the letter.</translation>
    </message>
    <message>
        <source>本机没有这份文书，内容未能核对；请到出具的电脑上核验。</source>
        <translation>This computer does not hold the letter, so its words were not checked; verify it where it was made.</translation>
    </message>
    <message>
        <source>文字与原件逐字相同，版面没有改动。</source>
        <translation>Every word is as in the letter kept here, and so is the look of the pages.</translation>
    </message>
    <message>
        <source>扫描件和照片不能逐字比对，请打开原件对照着看。</source>
        <translation>A scan or photograph has no words to compare; look at the letter kept here beside it.</translation>
    </message>
    <message>
        <source>填报件与文书上的数据摘要相符。</source>
        <translation>The record agrees with the digest on the letter.</translation>
    </message>
    <message>
        <source>屏幕手写签名与签署声明相符；它不是可靠的电子签名。</source>
        <translation>The handwriting agrees with its signed statement; it is not a reliable electronic signature.</translation>
    </message>
    <message>
        <source>没有屏幕手写签名，以纸面的签名、盖章为准。</source>
        <translation>Nothing was signed on a screen; signature and seal on paper count.</translation>
    </message>
    <message>
        <source>签署声明</source>
        <translation>Signed statement</translation>
    </message>
    <message>
        <source>范围</source>
        <translation>Extent</translation>
    </message>
    <message>
        <source>取得平台发布的内容</source>
        <translation>Took up what the platform publishes</translation>
    </message>
    <message>
        <source>出具主体信息报告</source>
        <translation>Report on a subject written</translation>
    </message>
    <message>
        <source>绑定手写签名</source>
        <translation>Handwriting bound to a letter</translation>
    </message>
    <message>
        <source>有内容已损坏，已拆开另发</source>
        <translation>Some of it is damaged; the rest goes again by itself</translation>
    </message>
    <message>
        <source>平台不收（%1），已拆开另发</source>
        <translation>Not taken by the platform (%1); the rest goes again by itself</translation>
    </message>
    <message>
        <source>钥匙文件被换成了旧的，已恢复</source>
        <translation>The key file was replaced by an old one and has been restored</translation>
    </message>
    <message>
        <source>文书用的文本就是本机现有的版本。</source>
        <translation>The wording is the one that this computer has.</translation>
    </message>
    <message>
        <source>正在取回表单、名录和任务</source>
        <translation>Fetching forms, lists and tasks</translation>
    </message>
    <message>
        <source>输错口令或恢复码</source>
        <translation>Wrong passphrase or recovery code</translation>
    </message>
</context>
<context>
    <name>outside</name>
    <message>
        <source>将在浏览器中打开这个网址：
{address}</source>
        <translation>This address will be opened in the browser:
{address}</translation>
    </message>
    <message>
        <source>打开网址</source>
        <translation>Open the address</translation>
    </message>
</context>
<context>
    <name>places</name>
    <message>
        <source>首次使用</source>
        <translation>First start</translation>
    </message>
    <message>
        <source>打开保险库</source>
        <translation>Open the vault</translation>
    </message>
    <message>
        <source>首页</source>
        <translation>Home</translation>
    </message>
    <message>
        <source>新建填报</source>
        <translation>New filling</translation>
    </message>
    <message>
        <source>填报</source>
        <translation>Filling</translation>
    </message>
    <message>
        <source>档案</source>
        <translation>Dossiers</translation>
    </message>
    <message>
        <source>填报件</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>文书预览</source>
        <translation>Letter preview</translation>
    </message>
    <message>
        <source>待发箱</source>
        <translation>Outbox</translation>
    </message>
    <message>
        <source>回执与更正</source>
        <translation>Receipts</translation>
    </message>
    <message>
        <source>设置</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>从备份恢复</source>
        <translation>Restore a backup</translation>
    </message>
    <message>
        <source>备份与恢复</source>
        <translation>Backup and restore</translation>
    </message>
    <message>
        <source>人员与权限</source>
        <translation>People and rights</translation>
    </message>
    <message>
        <source>操作记录</source>
        <translation>Activity log</translation>
    </message>
    <message>
        <source>交还电脑</source>
        <translation>Hand back</translation>
    </message>
    <message>
        <source>待复核</source>
        <translation>To be approved</translation>
    </message>
    <message>
        <source>采集任务</source>
        <translation>Assignments</translation>
    </message>
    <message>
        <source>文书</source>
        <translation>Letters</translation>
    </message>
</context>
<context>
    <name>saving</name>
    <message>
        <source>还没有做过备份。</source>
        <translation>There is no backup yet.</translation>
    </message>
    <message>
        <source>上次备份：%1。</source>
        <translation>Last backup: %1.</translation>
    </message>
    <message>
        <source>1. 在这台电脑上“立即备份”，把备份文件存到U盘。</source>
        <translation>1. On this computer choose &apos;Back up now&apos; and save the file on a stick.</translation>
    </message>
    <message>
        <source>2. 在另一台电脑上装好信采，第一次打开时选“从备份恢复”，选这个文件，输入口令。</source>
        <translation>2. Install Xincai on the other computer; at its first start choose &apos;Restore a backup&apos;, this file, and type the passphrase.</translation>
    </message>
    <message>
        <source>3. 那台电脑是一台新设备：请管理员发新的登记码重新登记；已送出的不会重复送。</source>
        <translation>3. That computer is a new device: ask for a new code and enrol it; what was sent is not sent twice.</translation>
    </message>
    <message>
        <source>4. 确认那边都在之后，这台电脑就不要再用同一个保险库填报了。</source>
        <translation>4. When all is there, do not fill in with this vault on the old computer any more.</translation>
    </message>
    <message>
        <source>正在复制</source>
        <translation>Copying</translation>
    </message>
    <message>
        <source>正在打开核对</source>
        <translation>Opening and checking</translation>
    </message>
</context>
</TS>
