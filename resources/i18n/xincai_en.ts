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
    <name>AnswerRow</name>
    <message>
        <source>显示完整内容</source>
        <translation>Show in full</translation>
    </message>
    <message>
        <source>查看图片</source>
        <translation>Show picture</translation>
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
        <source>平台地址(&amp;U)</source>
        <translation>Platform address (&amp;U)</translation>
    </message>
    <message>
        <source>一次性登记码(&amp;C)</source>
        <translation>One-time code (&amp;C)</translation>
    </message>
    <message>
        <source>由县级管理员发给您，只能用一次。</source>
        <translation>Your county administrator gives it to you; it works once.</translation>
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
        <source>平台退回：{reason}</source>
        <translation>Returned by the platform: {reason}</translation>
    </message>
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
        <source>平台退回：%1</source>
        <translation>Returned by the platform: %1</translation>
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
        <source>语言和字号</source>
        <translation>Language and text size</translation>
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
        <source>平台地址(&amp;U)</source>
        <translation>Platform address (&amp;U)</translation>
    </message>
    <message>
        <source>一次性登记码(&amp;C)</source>
        <translation>One-time code (&amp;C)</translation>
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
</context>
<context>
    <name>Strip</name>
    <message>
        <source>返回</source>
        <translation>Back</translation>
    </message>
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
</context>
<context>
    <name>TypedField</name>
    <message>
        <source>没有看懂这里填的内容，请重新填写。</source>
        <translation>This was not understood; please fill it in again.</translation>
    </message>
</context>
<context>
    <name>UnknownField</name>
    <message>
        <source>这类题项要在手机采集端填写。</source>
        <translation>Questions of this kind are answered in the phone app.</translation>
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
        <source>平台说明了原因，请更正后重新封存。</source>
        <translation>The platform said why; correct it and seal again.</translation>
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
</context>
</TS>
